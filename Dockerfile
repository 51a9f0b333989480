# One image for every process: the platform by default, `node dist/apps/worker/main.js` for a worker, `gridcommons` as a command.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY clients/typescript/package.json clients/typescript/
# Lifecycle scripts build from sources that are not here yet.
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json schema.graphql ./
COPY clients clients
COPY libs libs
COPY apps apps
COPY bench bench
# The image's own Node replaces the one that npm brings for machines without Node 24.
RUN npm run build && npm prune --omit=dev --ignore-scripts && rm -rf dist/bench node_modules/node-linux-* node_modules/.bin/node node_modules/@gridcommons

FROM node:24-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 GRIDCOMMONS_DATA_DIR=/data
WORKDIR /app
RUN install -d -o node -g node -m 700 /data && ln -s /app/dist/apps/cli/bin.js /usr/local/bin/gridcommons
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
USER node
VOLUME /data
EXPOSE 3000
CMD ["node", "dist/apps/platform/main.js"]
