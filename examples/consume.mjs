// The same as consume.py in Node.js 18 or later, without any package: one line for each report, whatever happens.
//
// node examples/consume.mjs [name of this consumer]
//
// A program that has node-redis can use it for the same commands; what matters is their order.

import { once } from "node:events";
import net from "node:net";
import path from "node:path";
import tls from "node:tls";

if (["-h", "--help"].includes(process.argv[2])) {
  console.log("node examples/consume.mjs [name of this consumer]");
  process.exit();
}
const URL_ = process.env.ZHIBIAO_REDIS_URL || `unix://${path.resolve("state/redis/redis.sock")}`;
const SITE = process.env.ZHIBIAO_SITE; // of several services on one Redis
const STREAM = SITE ? `zhibiao.${SITE}:results` : "zhibiao:results", GROUP = "example", NAME = process.argv[2] || "consumer-1";
const LEFT_AFTER_MS = process.env.LEFT_AFTER_MS || "60000"; // who has had an entry for so long has died
const SILENT_MS = 10_000; // longer than any command may block: a server that says nothing for so long is frozen

class Refused extends Error {} // Redis answered, with an error

// One value of RESP2 at `at`, as [value, where the next one begins]; null where its end has not come yet.
// The values of an inner error stay values: only a whole answer is thrown.
function parse(data, at) {
  const end = data.indexOf("\r\n", at);
  if (end < 0) return null;
  const kind = String.fromCharCode(data[at]), line = data.toString("utf8", at + 1, end), next = end + 2;
  if (kind === "+") return [line, next];
  if (kind === "-") return [new Refused(line), next];
  if (kind === ":") return [Number(line), next];
  const size = Number(line);
  if (size < 0) return [null, next];
  if (kind === "$") return data.length < next + size + 2 ? null : [data.toString("utf8", next, next + size), next + size + 2];
  const values = [];
  let place = next;
  for (let number = 0; number < size; number++) {
    const found = parse(data, place);
    if (found === null) return null;
    values.push(found[0]);
    place = found[1];
  }
  return [values, place];
}

// A connection that takes one command after the other.
class Connection {
  static async open(url) {
    const to = new URL(url);
    const where = to.protocol === "unix:" ? { path: decodeURIComponent(to.pathname) }
      : { host: to.hostname.replace(/^\[|\]$/g, ""), port: Number(to.port || 6379) };
    const connection = new Connection(to.protocol === "rediss:" ? tls.connect(where) : net.connect(where));
    const [user, password] = [to.username, to.password].map(decodeURIComponent);
    if (password) await connection.call("AUTH", ...(user ? [user] : []), password);
    const database = to.searchParams.get("db") || (to.protocol === "unix:" ? "" : to.pathname.slice(1));
    if (database) await connection.call("SELECT", database);
    return connection;
  }

  constructor(socket) {
    this.socket = socket;
    this.parts = [];
    socket.setTimeout(SILENT_MS, () => this.waiting && socket.destroy(new Error(`no answer for ${SILENT_MS} ms`)));
    socket.on("data", (part) => this.take(part));
    socket.on("error", (error) => this.end(error));
    socket.on("close", () => this.end(new Error("the connection was closed")));
  }

  take(part) {
    this.parts.push(part);
    if (part.at(-1) !== 10) return; // every answer ends with a new line, which no event has within
    const data = Buffer.concat(this.parts);
    const found = parse(data, 0);
    this.parts = found ? [] : [data];
    if (!found || !this.waiting) return;
    const { resolve, reject } = this.waiting;
    this.waiting = null;
    found[0] instanceof Refused ? reject(found[0]) : resolve(found[0]);
  }

  end(error) {
    this.over ??= error;
    this.waiting?.reject(this.over);
    this.waiting = null;
  }

  call(...words) {
    if (this.over) return Promise.reject(this.over);
    const spelt = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.socket.write(`*${words.length}\r\n${spelt.join("")}`);
    });
  }
}

// First what this consumer took and did not finish, then what others left that died, then what is new.
async function* entries(redis) {
  try {
    await redis.call("XGROUP", "CREATE", STREAM, GROUP, "0", "MKSTREAM"); // also after Redis has lost it: all comes again
  } catch (error) {
    if (!(error instanceof Refused && error.message.startsWith("BUSYGROUP"))) throw error;
  }
  const read = async (...words) => (await redis.call("XREADGROUP", "GROUP", GROUP, NAME, ...words))?.[0][1] ?? [];
  yield* await read("STREAMS", STREAM, "0");
  for (;;) {
    yield* (await redis.call("XAUTOCLAIM", STREAM, GROUP, NAME, LEFT_AFTER_MS, "0", "COUNT", "10"))[1];
    yield* await read("COUNT", "10", "BLOCK", "2000", "STREAMS", STREAM, ">");
  }
}

// Store the report here. The event's id is the same for every delivery; of one document the highest revision holds.
async function keep(entryId, event) {
  const report = event.data;
  const line = [entryId, event.id, event.subject, report.revision, report.metrics.length].join("\t");
  if (!process.stdout.write(`${line}\n`)) await once(process.stdout, "drain");
}

process.stdout.on("error", (error) => process.exit(error.code === "EPIPE" ? 0 : 1)); // nobody reads what is printed
process.on("SIGINT", () => process.exit(0));

for (let failures = 0; ; failures = Math.min(failures + 1, 10)) {
  let redis;
  try {
    redis = await Connection.open(URL_);
    for await (const [entryId, fields] of entries(redis)) {
      failures = 0;
      const at = fields ? fields.indexOf("data") : -1; // none where the stream was trimmed before it was read
      if (at >= 0) await keep(entryId, JSON.parse(fields[at + 1]));
      await redis.call("XACK", STREAM, GROUP, entryId);
    }
  } catch (error) {
    if (error instanceof Refused && !/^(NOGROUP|UNBLOCKED|LOADING|MASTERDOWN)/.test(error.message)) throw error;
    if (!(error instanceof Refused)) {
      if (error instanceof SyntaxError || error instanceof TypeError) throw error; // no event, or a fault of this program
      console.error("waiting for Redis:", error.message);
    }
  }
  redis?.socket.destroy();
  await new Promise((done) => setTimeout(done, Math.min(5000, 100 * 2 ** failures)));
}
