# The worker, with its model inside. Two stages: what builds stays behind.
#
#   docker build -t escalation-signals .
#   docker run --read-only --tmpfs /tmp -e KAFKA_BOOTSTRAP_SERVERS=... escalation-signals
#
# BASE_IMAGE is any Debian-like image with Python 3.11 and its venv module.
ARG BASE_IMAGE=docker.io/library/python:3.11-slim-bookworm

FROM ${BASE_IMAGE} AS build
SHELL ["/bin/sh", "-eu", "-c"]
ENV PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    ESCALATION_MODEL_PATH=/opt/model
WORKDIR /src

# Dependencies first: they change less often than the code. Every file is pinned by its hash.
COPY deploy/image/tools.txt deploy/image/requirements.txt deploy/image/
RUN python3 -m venv /opt/tools \
 && /opt/tools/bin/pip install --quiet --require-hashes -r deploy/image/tools.txt \
 && python3 -m venv --without-pip /opt/escalation \
 && /opt/tools/bin/pip --python /opt/escalation/bin/python install --quiet --require-hashes \
      -r deploy/image/requirements.txt

COPY pyproject.toml README.md LICENSE ./
COPY classifier classifier
COPY streams streams
RUN /opt/tools/bin/pip wheel --quiet --no-deps --no-build-isolation --wheel-dir /tmp/wheel . \
 && /opt/tools/bin/pip --python /opt/escalation/bin/python install --quiet --no-deps /tmp/wheel/*.whl

# The model is trained here: same corpus and versions, same digest.
RUN /opt/escalation/bin/escalation train --out /opt/model \
 && /opt/escalation/bin/escalation model verify

# What only training needs goes whole, and the SBOM says what is left.
COPY deploy/image/slim deploy/image/never-imported.txt deploy/image/only-training.txt deploy/image/
RUN /opt/tools/bin/pip --python /opt/escalation/bin/python uninstall --quiet --yes \
      -r deploy/image/only-training.txt \
 && sh deploy/image/slim /opt/escalation \
 && /opt/tools/bin/cyclonedx-py environment --output-format JSON \
      --output-file /opt/escalation/sbom.cdx.json /opt/escalation/bin/python

FROM ${BASE_IMAGE}
LABEL org.opencontainers.image.title="Escalation Signals" \
      org.opencontainers.image.description="Finds the steps towards a war in news as it is published" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.documentation="README.md"
COPY --from=build /opt/escalation /opt/escalation
COPY --from=build /opt/model /opt/model
ENV PATH=/opt/escalation/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    ESCALATION_MODEL_PATH=/opt/model \
    ESCALATION_DATA_DIR=/tmp/escalation \
    ESCALATION_HTTP_HOST=0.0.0.0 \
    ESCALATION_LOG_FORMAT=json
USER 10001:10001
WORKDIR /tmp
EXPOSE 8473
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s \
  CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ.get('ESCALATION_HTTP_PORT', '8473') + '/livez', timeout=4)"]
ENTRYPOINT ["escalation"]
CMD ["worker"]
