# make demo         the whole portal on this machine, without anything installed but Python 3.11 and make
# make clean-demo   delete the demo's data
# make test         the tests (PYTEST_ARGS="-k refund" for some of them)
# make coverage     whether the tests of the rules reach every branch of them
# make bench        the benchmarks, onto docs/benchmarks.md (half an hour, 55 GB; BENCH_ARGS=--quick: a try, and no page)
# make bench-trips  a million trips over the API, and their sums counted again (BENCH_ARGS="--trips 20000 --cars 200": fewer)
# make check        lint, types, import directions, migrations, settings
# make proof        the long campaigns of faults; writes docs/proof.md (PROOF_KILLS=50 for a shorter one)
# make contact-sheet  pictures of every page in every look, on one page (LOOKS_AT="home garage": some of them)
# make sbom         the bill of materials of production, as CycloneDX: var/sbom.json
# make messages     compile the translations (demo and test do it themselves)
# PORT=... and SANDBOX_PORT=... choose the demo's ports, PYTHON=... the interpreter that makes .venv.

MESSAGES := $(patsubst %.po,%.mo,$(wildcard portal/locale/*/LC_MESSAGES/django.po))
INSTALLED := .venv/.installed

.DELETE_ON_ERROR:
.PHONY: usage demo test bench bench-trips coverage check proof contact-sheet sbom messages clean-demo

usage:
	@sed -n '1,12s/^# //p' Makefile

demo: $(INSTALLED) messages
	@PORTAL_MODE=demo exec .venv/bin/python manage.py demo

# Two processes use the processors, one has what waits (tests/conftest.py); stealing, so that all end together.
test: $(INSTALLED) messages
	PORTAL_MODE=test .venv/bin/python -m pytest -n 3 --dist worksteal -q tests $(PYTEST_ARGS)

bench: $(INSTALLED) messages
	@.venv/bin/python -m tests.benchmarks $(BENCH_ARGS)

bench-trips: $(INSTALLED) messages
	@.venv/bin/python -m tests.benchmarks.trips $(BENCH_ARGS)

coverage: $(INSTALLED)
	PORTAL_MODE=test .venv/bin/python -m pytest -q tests/rules --cov --cov-report=term

proof: $(INSTALLED) messages
	PORTAL_MODE=test .venv/bin/python -m tests.proof

contact-sheet: $(INSTALLED) messages
	PORTAL_MODE=test LOOKS=pictures .venv/bin/python -m pytest -q -s tests/looks

sbom: $(INSTALLED)
	@.venv/bin/python -m tests.supply

check: export PORTAL_MODE = test
check: $(INSTALLED) messages
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy .
	.venv/bin/lint-imports
	.venv/bin/python manage.py makemigrations --check --dry-run
	.venv/bin/python manage.py check

messages: $(MESSAGES)

clean-demo:
	@if [ -x .venv/bin/python ]; then PORTAL_MODE=demo .venv/bin/python manage.py demo --clean; else rm -rf var/demo; fi

%.mo: %.po | $(INSTALLED)
	@.venv/bin/pybabel --quiet compile --input-file=$< --output-file=$@

# Made anew when the pinned packages changed.
$(INSTALLED): requirements-dev.txt
	@$(find_python); $(make_venv); $(install)
	@touch $@

# The first Python that is new enough and can make virtual environments; otherwise a sentence.
define find_python
found=; old=; bare=; \
for python in $(or $(PYTHON),python3.11 python3); do \
    version=$$($$python -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue; \
    if ! $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then old="$$python is $$version"; \
    elif ! $$python -c 'import ensurepip, venv' 2>/dev/null; then bare=$$python; \
    else found=$$python; break; fi; \
done; \
if [ -z "$$found" ]; then \
    if [ -n "$$bare" ]; then \
        echo "$$bare has no venv module. Install it (Debian, Ubuntu: apt install python3-venv), then try again."; \
    else \
        echo "Python 3.11 or newer is needed ($${old:-none found}). Install it, or name it: make $(MAKECMDGOALS) PYTHON=/path/to/python3"; \
    fi >&2; \
    exit 1; \
fi
endef

define make_venv
if [ ! -w . ]; then \
    echo "$$(id -un) cannot write to $$(pwd). Give this user the right to write there, or use a copy of its own." >&2; \
    exit 1; \
fi; \
if ! .venv/bin/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
    echo "Making .venv with $$found ($$version)"; \
    "$$found" -m venv --clear .venv || exit 1; \
fi
endef

# One line that counts; pip's errors follow it on the screen.
define install
total=$$(grep -c '^[a-zA-Z0-9].*==' requirements-dev.txt); \
{ .venv/bin/python -m pip install --disable-pip-version-check --no-input --require-hashes -r requirements-dev.txt \
    || echo FAILED; } \
| awk -v total="$$total" ' \
    /^(Collecting|Processing|Requirement already)/ { printf "\rReading packages: %d of %d", ++read, total; fflush() } \
    /^Installing collected/ { printf "\nInstalling them into .venv (half a minute)\n"; fflush() } \
    /^FAILED/ { failed = 1 } \
    END { exit failed }' \
|| { echo; echo "The packages could not be installed (see above). Check the network or PIP_INDEX_URL, then try again." >&2; exit 1; }
endef
