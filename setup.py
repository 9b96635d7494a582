"""What pyproject.toml cannot say: the reports of ``seeds/`` go into the wheel, where ``zhibiao demo`` finds them."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class WithSeeds(build_py):
    """Puts the seeds beside the package; an editable installation reads them where they are."""

    def run(self) -> None:
        """Build what setuptools knows of, then add them."""
        super().run()
        if not self.editable_mode:
            shutil.copytree(
                Path(__file__).parent / "seeds", Path(self.build_lib, "zhibiao", "seeds"), dirs_exist_ok=True
            )


setup(cmdclass={"build_py": WithSeeds})
