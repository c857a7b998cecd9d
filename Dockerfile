# One image for every service; the command says which.
FROM python:3.13-slim-trixie AS build

WORKDIR /src
COPY constraints.txt pyproject.toml README.md LICENSE ./
COPY pipeline pipeline
COPY workers workers
RUN --mount=type=cache,target=/root/.cache/pip \
    python -m venv /opt/feedmill \
    && /opt/feedmill/bin/pip install --disable-pip-version-check -c constraints.txt '.[postgres]' \
    && /opt/feedmill/bin/python -m compileall -q /opt/feedmill/lib \
    && /opt/feedmill/bin/pip uninstall --yes --quiet pip

# Flower, for the compose profile of that name: docker build --target flower
FROM build AS with-flower
RUN --mount=type=cache,target=/root/.cache/pip \
    python -m pip --python /opt/feedmill/bin/python install --disable-pip-version-check \
      --root-user-action=ignore -c constraints.txt '.[flower]'

FROM python:3.13-slim-trixie AS flower
RUN useradd --uid 10001 --create-home --shell /usr/sbin/nologin feedmill \
    && pip uninstall --yes --quiet --root-user-action=ignore pip
COPY --from=with-flower /opt/feedmill /opt/feedmill
ENV PATH=/opt/feedmill/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
USER feedmill
WORKDIR /home/feedmill
ENTRYPOINT ["celery", "--app", "workers.flower", "flower"]

FROM python:3.13-slim-trixie

RUN useradd --uid 10001 --create-home --shell /usr/sbin/nologin feedmill \
    && pip uninstall --yes --quiet --root-user-action=ignore pip
COPY --from=build /opt/feedmill /opt/feedmill
ENV PATH=/opt/feedmill/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    FEEDMILL_DATA_DIR=/tmp/feedmill
USER feedmill
WORKDIR /home/feedmill
ENTRYPOINT ["feedmill"]
CMD ["--help"]
