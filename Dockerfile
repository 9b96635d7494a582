# One image for both parts: docker build --target watcher . and docker build --target worker .
# (docker-compose.yml does it). Neither holds a compiler, pip's cache or the sources.

FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/zhibiao
WORKDIR /src
# The dependencies first: they change less often than the code.
COPY pyproject.toml constraints.txt ./
RUN python -c "import tomllib; p = tomllib.load(open('pyproject.toml', 'rb'))['project']; \
print(*p['dependencies'], *p['optional-dependencies']['formats'], *p['optional-dependencies']['page'], sep='\n')" > requirements.txt \
 && /opt/zhibiao/bin/pip install --requirement requirements.txt --constraint constraints.txt
COPY . .
RUN /opt/zhibiao/bin/pip install --no-deps . \
 && /opt/zhibiao/bin/pip check \
 && /opt/zhibiao/bin/python -m compileall -q /opt/zhibiao/lib \
 && /opt/zhibiao/bin/pip uninstall --yes --quiet pip setuptools

FROM python:3.11-slim-bookworm AS runtime
ENV PATH=/opt/zhibiao/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    ZHIBIAO_INBOX=/data/inbox \
    ZHIBIAO_PROCESSED=/data/processed \
    ZHIBIAO_QUARANTINE=/data/quarantine \
    ZHIBIAO_STATE=/data/state
RUN groupadd --gid 1000 zhibiao \
 && useradd --uid 1000 --gid 1000 --no-create-home --home-dir /data --shell /usr/sbin/nologin zhibiao \
 && install -d -o zhibiao -g zhibiao /data /data/inbox /data/processed /data/quarantine /data/state
COPY --from=build /opt/zhibiao /opt/zhibiao
WORKDIR /data
USER zhibiao

FROM runtime AS watcher
CMD ["python", "-m", "watcher"]
HEALTHCHECK --interval=15s --timeout=10s --start-period=30s --retries=3 CMD ["python", "-m", "watcher.health"]

FROM runtime AS worker
# 1: LibreOffice, too, for DOC, RTF, WPS and ODT; about 560 MB more.
ARG LIBREOFFICE=0
USER root
RUN if [ "$LIBREOFFICE" = 1 ]; then \
      apt-get update -qq \
      && apt-get install --yes -qq --no-install-recommends libreoffice-writer-nogui \
      && rm -rf /var/lib/apt/lists/*; \
    fi
USER zhibiao
CMD ["celery", "--quiet", "--app", "worker.app", "worker", "--hostname", "worker@%h", "--without-gossip", "--without-mingle"]
HEALTHCHECK --interval=15s --timeout=10s --start-period=30s --retries=3 CMD ["python", "-m", "worker.health"]
