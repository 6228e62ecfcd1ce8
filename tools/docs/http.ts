import { remoteOperations } from "../../packages/dashboard/src/calls.ts"
import { openApi } from "../../packages/dashboard/src/openapi.ts"
import type { Operation } from "../../packages/operations/src/index.ts"
import { codes, page, table } from "./markdown.ts"

const effects: Readonly<Record<Operation["effect"], string>> = {
  read: "reads",
  change: "changes",
  spend: "spends",
  end: "ends for good"
}

/** The OpenAPI document, as the site serves it. */
export const openApiText = async (): Promise<string> => `${JSON.stringify(await openApi(), null, 1)}\n`

/** The routes of the dashboard's server. */
export const httpPage = (): string =>
  page(
    "HTTP routes",
    "The server of the [dashboard](../tasks/dashboard.md) answers each operation as a route, for programs too: `POST` its input in JSON, with " +
      "`content-type: application/json` and the token in `Authorization: Bearer`. It answers what the command prints with " +
      "[`--json`](../cli/json.md). Everything of it is in [one OpenAPI document](/openapi.json), which each server has at " +
      "`/api/v1/openapi.json`.",
    table(
      ["Route", "What it does", "Effect"],
      Array.from(remoteOperations.values(), ({ name, title, effect }) => [
        `\`POST /api/v1/${name}\``,
        title,
        effects[effect]
      ])
    ),
    "What changes, spends or ends is refused without `--allow-changes`; what spends without a budget, too. What rents needs a `key`: a " +
      "browser, or a proxy, may send a request twice.",
    "## Streams",
    table(
      ["Route", "What it sends"],
      [
        ["`GET /api/v1/live`", "everything that changes, as entries by their keys; `Last-Event-ID` goes on from there"],
        [
          "`POST /api/v1/<operation>/follow`",
          "what an operation that reads answers, each time that differs; lines of `logs` and `events`"
        ],
        ["`GET /api/v1/about`", "no stream: what this server is and allows"]
      ]
    ),
    "They are server-sent events, read by `fetch`, since `EventSource` sends no header. Looks are made once for all who look, and none " +
      "when nobody does.",
    "## Errors",
    `An answer from 400 on has \`{ "error": ... }\`, with the ${codes(["tag"])} of its class: see [errors](errors.md). A cloud that refuses its ` +
      "key is 502: 401 is about the token of this server."
  )
