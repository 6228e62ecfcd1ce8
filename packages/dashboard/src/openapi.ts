import type { Operation } from "@anygpu/operations"
import { inputSchema } from "@anygpu/operations/json"
import { z } from "zod"
import { remoteOperations } from "./calls.ts"
import { failureStatuses } from "./failure.ts"
import { aboutShape, entriesShape, failureShape, followShapes } from "./protocol/index.ts"

type Json = Readonly<Record<string, unknown>>

/** Schemas by their names, each written once. */
type Schemas = Map<string, unknown>

const isRecord = (value: unknown): value is Json => typeof value === "object" && value !== null

/** A schema as OpenAPI has it: what has a name is moved to the components. */
const schemaOf = (shape: z.ZodType, io: "input" | "output", schemas: Schemas): Json => {
  const { $schema: _, ...json } = z.toJSONSchema(shape, { io, target: "draft-2020-12" })
  const moved: unknown = JSON.parse(
    JSON.stringify(json, (key, value: unknown) =>
      key === "$ref" && typeof value === "string" ? value.replace("#/$defs/", "#/components/schemas/") : value
    )
  )
  const { $defs = {}, ...schema } = isRecord(moved) ? moved : {}
  for (const [name, one] of Object.entries(isRecord($defs) ? $defs : {})) schemas.set(name, one)
  return schema
}

const content = (schema: Json, type = "application/json") => ({ content: { [type]: { schema } } })

const failures = {
  "4XX": { $ref: "#/components/responses/Failure" },
  "5XX": { $ref: "#/components/responses/Failure" }
}

const effectTexts: Readonly<Record<Operation["effect"], string>> = {
  read: "Reads only.",
  change: "Changes what can be changed back: refused without `--allow-changes`.",
  spend: "Spends: refused without `--allow-changes` and a budget.",
  end: "Ends something for good: refused without `--allow-changes`."
}

const describe = ({ summary, about, effect }: Operation): string =>
  [`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`, about, effectTexts[effect]].filter(Boolean).join("\n\n")

/** The schema of an input; what rents needs a key here. */
const inputOf = ({ effect, input }: Operation): z.ZodType =>
  inputSchema(effect === "spend" && input.key ? { ...input, key: { ...input.key, required: true } } : input)

const operationPath = async (operation: Operation, schemas: Schemas): Promise<Json> => {
  const { name, title, effect } = operation
  return {
    post: {
      ...{ operationId: name, summary: title, description: describe(operation), tags: [effect] },
      requestBody: { required: true, ...content(schemaOf(inputOf(operation), "input", schemas)) },
      responses: {
        "200": {
          description: "What it answers.",
          ...content(schemaOf(await operation.answer(), "output", schemas))
        },
        ...failures
      }
    }
  }
}

const followPath = ({ name, title }: Operation): Json => ({
  post: {
    operationId: `${name}-follow`,
    summary: `${title}, again and again`,
    description:
      "Server-sent events. The operation is repeated at a humane pace, once for all who follow it with the same input.",
    tags: ["follow"],
    requestBody: { $ref: `#/paths/~1api~1v1~1${name}/post/requestBody` },
    responses: { "200": { $ref: "#/components/responses/Follow" }, ...failures }
  }
})

const documentPath = (operationId: string, summary: string, schema: Json, type?: string): Json => ({
  get: {
    operationId,
    summary,
    tags: ["server"],
    responses: { "200": { description: summary, ...content(schema, type) }, ...failures }
  }
})

/**
 * The OpenAPI document of a dashboard's server, made of the operations: their inputs, answers, and what may go wrong.
 *
 * - The same for all servers; `GET /api/v1/about` says what one of them allows.
 */
export const openApi = async (): Promise<Json> => {
  const schemas: Schemas = new Map()
  const all = [...remoteOperations.values()]
  const paths = await Promise.all(
    all.map(async (operation) => [`/api/v1/${operation.name}`, await operationPath(operation, schemas)] as const)
  )
  const followed = all.filter(({ effect }) => effect === "read")
  const events = Object.entries(followShapes).map(([event, shape]) => ({
    ...schemaOf(shape, "output", schemas),
    title: event
  }))
  return {
    openapi: "3.1.0",
    info: {
      title: "anygpu dashboard",
      version: "1",
      description: `Errors have one of the statuses ${failureStatuses.join(", ")}; go by \`error.tag\`.`
    },
    security: [{ token: [] }],
    paths: Object.fromEntries([
      ...paths,
      ...followed.map((operation) => [`/api/v1/${operation.name}/follow`, followPath(operation)] as const),
      [
        "/api/v1/about",
        documentPath("about", "What this server is and allows", schemaOf(aboutShape, "output", schemas))
      ],
      [
        "/api/v1/live",
        documentPath(
          "live",
          "Everything that changes, as server-sent events",
          schemaOf(entriesShape, "output", schemas),
          "text/event-stream"
        )
      ],
      ["/api/v1/openapi.json", documentPath("openapi", "This document", { type: "object" })]
    ]),
    components: {
      securitySchemes: { token: { type: "http", scheme: "bearer" } },
      responses: {
        Failure: { description: "What went wrong.", ...content(schemaOf(failureShape, "output", schemas)) },
        Follow: { description: "Events, by their names.", ...content({ oneOf: events }, "text/event-stream") }
      },
      schemas: Object.fromEntries([...schemas].sort(([a], [b]) => a.localeCompare(b, "en")))
    }
  }
}
