"""The relay's instance starts: its script runs in a real shell, with programs that note what is asked of them."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tests.infra.stack.templates import flat, synthesise

ADDRESS, OTHER = "198.51.100.7", "203.0.113.9"
# The address is another one at first: the fixed one is attached while the instance starts.
CURL = f"""#!/bin/bash
case "$*" in
  *api/token*) echo token ;;
  *public-ipv4*) echo x >> "$HERE/asked"; [ "$(wc -l < "$HERE/asked")" -gt 2 ] && echo {ADDRESS} || echo {OTHER} ;;
  *local-ipv4*) echo 10.0.0.4 ;;
  *) exit 22 ;;
esac
"""
NOTING = '#!/bin/bash\necho "$(basename "$0") $*" >> "$HERE/done"\n'
PROGRAMS = {
    "curl": CURL,
    "aws": "#!/bin/bash\necho the-secret\n",
    "sleep": "#!/bin/bash\n",
    **dict.fromkeys(("apt-get", "systemctl", "chown", "chmod"), NOTING),
}


def start(folder: Path) -> tuple[list[str], str]:
    """Run the script of the template; return what was done in order, and the relay's configuration."""
    (instance,) = synthesise("coturn").resources("AWS::EC2::Instance").values()
    script = flat(instance["Properties"]["UserData"]["Fn::Base64"])
    script = script.replace("Coturnaddress328F7A41.PublicIp", ADDRESS).replace("/etc/", f"{folder}/")
    for name, text in PROGRAMS.items():
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    environment = {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", "HERE": str(folder)}
    subprocess.run(["bash", "-c", script], env=environment, check=True, capture_output=True, timeout=20)
    return (folder / "done").read_text().splitlines(), (folder / "turnserver.conf").read_text()


def test_nothing_is_fetched_before_the_fixed_address_is_there(tmp_path: Path) -> None:
    """Attaching it cuts off what is open: the installation would end half way, and no relay would ever start."""
    done, _ = start(tmp_path)

    assert done[0] == "apt-get update"
    assert len((tmp_path / "asked").read_text().splitlines()) == 3
    assert done[-1] == "systemctl restart coturn"


def test_the_relay_is_told_its_addresses_and_its_secret(tmp_path: Path) -> None:
    """The one that browsers know, the one that it has, and what credentials are made with."""
    _, configuration = start(tmp_path)

    assert f"external-ip={ADDRESS}/10.0.0.4" in configuration
    assert "static-auth-secret=the-secret" in configuration
    assert "$" not in configuration
