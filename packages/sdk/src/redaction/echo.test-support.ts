import fc from "fast-check"

/** One way to write a text into another one. */
const writings: Readonly<Record<string, (text: string) => string>> = {
  plain: (text) => text,
  json: (text) => JSON.stringify(text).slice(1, -1),
  "json twice": (text) => JSON.stringify(JSON.stringify(text)).slice(1, -1),
  ascii: (text) =>
    JSON.stringify(text)
      .slice(1, -1)
      .replace(/[\u007f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`),
  url: (text) => encodeURIComponent(text),
  "lower url": (text) => encodeURIComponent(text).replace(/%../g, (byte) => byte.toLowerCase()),
  form: (text) => new URLSearchParams([["q", text]]).toString(),
  "whole url": (text) => encodeURI(text),
  base64: (text) => Buffer.from(text).toString("base64"),
  base64url: (text) => Buffer.from(text).toString("base64url"),
  basic: (text) => Buffer.from(`me:${text}`).toString("base64"),
  html: (text) =>
    text.replace(/[&<>"']/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c] ?? "&#x27;"),
  python: (text) =>
    `'${text.replace(/[\\']/g, "\\$&").replaceAll("\n", "\\n").replaceAll("\r", "\\r").replaceAll("\t", "\\t")}'`
}

/** What a cloud repeats. */
const parts = ["body", "headers", "url", "secret"] as const

/** How an answer carries the repeated text. */
const carriers: Readonly<Record<string, (said: string, status: number) => Response>> = {
  ...Object.fromEntries(
    ["msg", "message", "error", "detail", "code"].map((name) => [
      name,
      (said: string, status: number) => Response.json({ success: false, [name]: said }, { status })
    ])
  ),
  wrong: (said, status) =>
    Response.json({ detail: [{ loc: ["body", said], msg: `Value error, ${said}`, input: said }] }, { status }),
  named: (said, status) => Response.json({ error: "bad", msg: said, input: { [said]: said } }, { status }),
  text: (said, status) => new Response(said, { status, headers: { "content-type": "text/plain" } }),
  page: (said, status) => new Response(`<html>${said}</html>`, { status, headers: { "content-type": "text/html" } }),
  broken: (said, status) => new Response(`{"x": "${said}`, { status, headers: { "content-type": "application/json" } }),
  rows: (said, status) =>
    Response.json(
      { success: true, new_contract: said, instances: [{ id: { [said]: said } }], data: [said] },
      { status }
    ),
  list: (said, status) => Response.json([{ id: { [said]: said }, [said]: 1 }, said], { status }),
  header: (said, status) => {
    const value = encodeURIComponent(said)
    const headers = { "x-request-id": value, location: `https://other.test/${value}?q=${value}` }
    return new Response(value, {
      status,
      headers: { ...headers, "content-type": `text/${value}`, "retry-after": value }
    })
  }
}

const statuses = [200, 200, 201, 302, 400, 400, 401, 402, 403, 404, 409, 410, 422, 422, 429, 500, 503]

/** What becomes of one request. */
export type Fate =
  | { readonly kind: "served" }
  | {
      readonly kind: "answer"
      readonly status: number
      readonly part: (typeof parts)[number]
      readonly which: number
      readonly writing: string
      readonly carrier: string
      readonly before: number
      readonly cut: number | null
      readonly end: string
      readonly effect: boolean
    }
  | {
      readonly kind: "lost"
      readonly part: (typeof parts)[number]
      readonly which: number
      readonly effect: boolean
      readonly code: string
    }

/** Mostly requests are served: a flow that fails at its beginning shows little. */
export const fate: fc.Arbitrary<Fate> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Fate>({ kind: "served" }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("answer" as const),
      status: fc.constantFrom(...statuses),
      part: fc.constantFrom(...parts),
      which: fc.nat(20),
      writing: fc.constantFrom(...Object.keys(writings)),
      carrier: fc.constantFrom(...Object.keys(carriers)),
      before: fc.constantFrom(0, 0, 10, 40, 250, 285, 295),
      cut: fc.option(fc.integer({ min: 4, max: 400 }), { freq: 4 }),
      end: fc.constantFrom("", "...", "… (truncated)", '"'),
      effect: fc.boolean()
    })
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("lost" as const),
      part: fc.constantFrom(...parts),
      which: fc.nat(20),
      effect: fc.boolean(),
      code: fc.constantFrom("ECONNRESET", "ECONNREFUSED", "UND_ERR_INVALID_ARG", "CERT_HAS_EXPIRED")
    })
  }
)

/** A request as the echo sees it; the first of the secrets is its key. */
export interface Sent {
  readonly url: string
  readonly init: RequestInit
  readonly secrets: ReadonlyArray<string>
}

const repeated = ({ url, init, secrets }: Sent, part: (typeof parts)[number], which: number): string => {
  const headers = JSON.stringify(Object.fromEntries(new Headers(init.headers)))
  const body = typeof init.body === "string" ? init.body : ""
  switch (part) {
    case "body":
      return body
    case "headers":
      return headers
    case "url":
      return url
    case "secret": {
      const carried = secrets.filter(
        (secret, index) => index === 0 || body.includes(JSON.stringify(secret).slice(1, -1))
      )
      return carried[which % carried.length] ?? ""
    }
  }
}

/** Ends a request by its fate; `serve` hands it to the cloud. */
export const endBy = async (fate: Fate, sent: Sent, serve: () => Promise<Response>): Promise<Response> => {
  if (fate.kind === "served") return serve()
  if (fate.effect) await serve()
  const said = repeated(sent, fate.part, fate.which)
  if (fate.kind === "lost") {
    const cause = Object.assign(new Error(`${fate.code} at ${said}`), { code: fate.code, request: sent.init, said })
    throw new TypeError(`fetch failed: ${said}`, { cause })
  }
  const written = (writings[fate.writing] ?? String)(said)
  const whole = `${"bad ".repeat(Math.ceil(fate.before / 4))}${written}`
  const shown = fate.cut === null ? whole : whole.slice(0, fate.before + fate.cut) + fate.end
  return (carriers[fate.carrier] ?? Response.json)(shown, fate.status)
}
