# The bot in a container: nobody's user, a root file system that may be read-only, everything it writes under /data.
#   docker build -t imh-bot .
#   docker run --read-only --tmpfs /tmp -v imh-data:/data -e IMH_TOKEN_FILE=/run/secrets/token -v ./token:/run/secrets/token:ro imh-bot
FROM python:3.11-slim AS packages
COPY bot/requirements.lock /build/requirements.lock
RUN python -m venv /opt/imh-bot \
 && /opt/imh-bot/bin/python -m pip install --no-cache-dir --require-hashes --no-deps --only-binary=:all: \
    -r /build/requirements.lock

FROM python:3.11-slim
RUN mkdir /data && chown 10001:10001 /data
COPY --from=packages /opt/imh-bot /opt/imh-bot
COPY pyproject.toml /app/pyproject.toml
COPY knowledge /app/knowledge
COPY bot /app/bot
ENV PATH=/opt/imh-bot/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    IMH_DATABASE_URL=sqlite:////data/imh-bot.db \
    IMH_SECRET_KEY_FILE=/data/secret.key \
    IMH_CACHE_DIR=/data/cache
WORKDIR /app
RUN python -m compileall -q bot
VOLUME /data
USER 10001:10001
# A bot that died ends the container by itself. What this adds: its database can be opened, is at this version's schema
# and takes writes, be it SQLite or PostgreSQL.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 CMD ["python", "-c", \
    "from bot.settings import load_settings; from bot.storage import open_store; s = load_settings(); open_store(s.database_url, s.key_file(), migrate=False).close()"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["python", "-m", "bot"]
