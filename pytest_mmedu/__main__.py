"""python -m pytest_mmedu | The command line, for where scripts are not on the PATH."""

from pytest_mmedu.cli import main

main(prog_name="pytest-mmedu")
