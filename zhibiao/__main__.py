"""``python -m zhibiao``."""

from zhibiao.cli import main

if __name__ == "__main__":
    main(prog_name="zhibiao")
