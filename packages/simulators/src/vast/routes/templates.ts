import { isObject, ok, type Reply } from "../../kit/http.ts"
import { isOperator, passes } from "../filter.ts"
import { bareFailure, type Call, failure, invalidJson, success } from "../http.ts"
import type { Template, World } from "../world.ts"

/** The template that the documents' example rents by its hash; its image is a choice of this simulator. */
const documented: Template = {
  ...{ id: 2048, hash: "4e17788f74f075dd9aab7d0d4427968f" },
  content: { name: "vLLM", image: "vllm/vllm-openai", tag: "latest", runtype: "ssh" }
}

/** What a template holds: what was sent of it. Source: vast-cli, vastai/api/offers.py, create_template. */
const columns = [
  ...[
    "name",
    "image",
    "tag",
    "href",
    "repo",
    "env",
    "onstart",
    "jup_direct",
    "ssh_direct",
    "use_jupyter_lab",
    "runtype"
  ],
  ...["use_ssh", "jupyter_dir", "docker_login_repo", "extra_filters", "recommended_disk_space", "readme"],
  ...["readme_visible", "desc", "private"]
]

const rowOf = ({ id, hash, content }: Template): Readonly<Record<string, unknown>> => ({
  ...{ id, hash_id: hash },
  ...Object.fromEntries(columns.map((column) => [column, content[column] ?? null]))
})

/** The template that a hash or an id names, or undefined. */
export const findTemplate = (world: World, hash: string | null, id: number | null): Template | undefined =>
  [documented, ...world.state.templates].find((template) =>
    hash === null ? template.id === id : template.hash === hash
  )

/**
 * GET /api/v0/template/ with `select_filters`, as the list of instances takes them. Source: Vast docs, creating and using
 * templates with the API.
 *
 * - The account's own, and the one of the documents' example: which public ones there are is the vendor's.
 */
export const listTemplates = ({ world, query }: Call): Reply => {
  const bad = (what: string): Reply => bareFailure(400, "invalid_request", `Error in query parameters: ${what}`)
  let filters: unknown
  try {
    filters = JSON.parse(query.get("select_filters") ?? "{}")
  } catch {
    return bad("invalid json")
  }
  if (!isObject(filters)) return bad("invalid json")
  let rows = [documented, ...world.state.templates].map(rowOf)
  for (const [column, filter] of Object.entries(filters)) {
    if (!isObject(filter)) return bad(`${column} is not a valid search key`)
    for (const [operator, wished] of Object.entries(filter)) {
      if (!isOperator(operator)) return bad(`${operator} is not a valid search op`)
      rows = rows.filter((row) => passes(row[column], operator, wished))
    }
  }
  return ok({ templates: rows })
}

/** POST /api/v0/template/. Its answer isn't documented: the list shows the new one. */
export const createTemplate = ({ world, body, bodyIsJson }: Call): Reply => {
  if (!bodyIsJson) return invalidJson()
  const { state } = world
  state.templates.push({ id: state.nextTemplate++, hash: world.random.hex(32), content: body })
  return success()
}

/** One of the account's own. */
const named = ({ world, body }: Call): Template | undefined =>
  world.state.templates.find(({ id, hash }) =>
    body.hash_id === undefined ? id === body.template_id : hash === body.hash_id
  )

/** An unknown template: its answer isn't documented. */
const unknown = (): Reply => failure(400, "invalid_args", "error 400/3467: Invalid args: no such template")

/** PUT /api/v0/template/ by `hash_id`, which changes with the content. Source: Vast docs, as above. */
export const updateTemplate = (call: Call): Reply => {
  if (!call.bodyIsJson) return invalidJson()
  const template = named(call)
  if (template === undefined) return unknown()
  const { hash_id: _, template_id: __, ...content } = call.body
  Object.assign(template, { content: { ...template.content, ...content }, hash: call.world.random.hex(32) })
  return success()
}

/** DELETE /api/v0/template/ by `template_id` or `hash_id`. Source: Vast docs, as above; vast-cli, vastai/api/offers.py. */
export const deleteTemplate = (call: Call): Reply => {
  if (!call.bodyIsJson) return invalidJson()
  const template = named(call)
  if (template === undefined) return unknown()
  call.world.state.templates = call.world.state.templates.filter((other) => other !== template)
  return success()
}
