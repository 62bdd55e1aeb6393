# `make demo`, `make figures` and `make test` set up .venv by themselves; a second call installs nothing.
VENV := .venv
RUN := $(VENV)/bin/python
# PyTorch and its libraries, without TensorFlow and this project
INTEROP := .venv-interop
# the LIBERO simulator, whose MuJoCo is older than ours
LIBERO := .venv-libero
# the first Python on the path that the dependencies support; PYTHON=... chooses another
PYTHON ?= $(shell for p in python3 python3.12 python3.11 python3.10 python; do \
	$$p -c 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 12))' 2>/dev/null && echo $$p && break; \
	done)

.PHONY: demo test test-slow test-interop test-sim libero figures lint clean

demo: $(VENV)/installed
	@n=1; while [ -e log/demo-$$n ]; do n=$$((n + 1)); done; \
	$(RUN) train.py --alg=rrd --basis_alg=sac --env=HalfCheetah-v2 --run_dir=log/demo-$$n \
		--epochs=1 --cycles=6 --iterations=50 --warmup=2000 --test_rollouts=2
	@n=1; while [ -e log/demo-libero-$$n ]; do n=$$((n + 1)); done; \
	$(RUN) train.py --alg=rrd --env=libero_spatial --offline_reward_only=True --run_dir=log/demo-libero-$$n

# only the plugin for several cores: pytest rewrites every module of a plugin's package, which takes a second
test: $(VENV)/installed-dev
	PYTEST_DISABLE_PLUGIN_AUTOLOAD=1 $(RUN) -m pytest -p xdist -q -n auto --dist loadfile \
		--no-loadscope-reorder -m 'not slow and not interop and not sim'

test-slow: $(VENV)/installed-dev
	$(RUN) -m pytest -q -n auto --dist loadfile -m 'slow and not interop and not sim'

test-interop: $(VENV)/installed-dev $(INTEROP)/installed
	$(RUN) -m pytest -q -m interop

# says in one line where meshes and textures were found, or how to get them
libero: $(LIBERO)/installed
	@$(LIBERO)/bin/python -m envs.libero_sim assets

test-sim: libero
	$(LIBERO)/bin/python -m pytest -q -m sim tests/envs/libero_sim

figures: $(VENV)/installed
	$(RUN) plot.py curves results/mujoco --out=results/mujoco/curves.png
	$(RUN) plot.py curves results/mujoco/rrd* --column=reward/true_correlation \
		--out=results/mujoco/true_correlation.png
	$(RUN) plot.py table results/mujoco --out=results/mujoco/table

lint: $(VENV)/installed-dev
	$(RUN) -m ruff check .

clean:
	rm -rf $(VENV) $(INTEROP) $(LIBERO) .pytest_cache .ruff_cache

$(VENV)/installed: requirements.txt
	@[ -n "$(PYTHON)" ] || { echo 'error: expected Python 3.10, 3.11 or 3.12 on the path, found none of them' >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(RUN) -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=24'   # older ones search for ever
	$(RUN) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(INTEROP)/installed: requirements-interop.txt
	$(PYTHON) -m venv $(INTEROP)
	$(INTEROP)/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-interop.txt
	@touch $@

$(LIBERO)/installed: requirements-libero.txt
	@[ -n "$(PYTHON)" ] || { echo 'error: expected Python 3.10, 3.11 or 3.12 on the path, found none of them' >&2; exit 2; }
	$(PYTHON) -m venv $(LIBERO)
	$(LIBERO)/bin/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=24'
	$(LIBERO)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps -r requirements-libero.txt
	@touch $@

$(VENV)/installed-dev: requirements-dev.txt requirements-formats.txt $(VENV)/installed
	$(RUN) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@
