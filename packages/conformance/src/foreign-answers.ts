import type { FalseAnswer } from "./false-answers.ts"

const json = (status: number, body: unknown): FalseAnswer => ({
  status,
  text: JSON.stringify(body),
  headers: { "content-type": "application/json" }
})

const bare = (status: number, headers: FalseAnswer["headers"] = {}): FalseAnswer => ({ status, text: "", headers })

/**
 * What answers a request about one machine in place of the cloud: a gateway, a route that is retired, a web page. None of
 * them says anything about the machine.
 */
export const foreignAnswers: Readonly<Record<string, FalseAnswer>> = {
  "a gateway without the route": json(404, { message: "no Route matched with those values" }),
  "a framework without the route": json(404, {}),
  "a web page": { status: 404, text: "<html><h1>404 Not Found</h1></html>", headers: { "content-type": "text/html" } },
  nothing: bare(404),
  "a route that is retired": json(410, { error: "deprecated_endpoint" }),
  "a route that is retired without a word": bare(410),
  "a method that is refused": json(405, { message: "Method Not Allowed" }),
  "a route that moved": bare(308, { location: "https://cloud.test/v2/" })
}
