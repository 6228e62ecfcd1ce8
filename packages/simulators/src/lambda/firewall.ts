import { inSeconds, type Json, objectsIn, textIn } from "../kit/fields.ts"
import type { Reply } from "../kit/http.ts"
import { data, invalid, refusal } from "./answers.ts"
import { regionOf } from "./catalogue.ts"
import { isAlive } from "./instance.ts"
import type { Call } from "./routes.ts"
import type { Ruleset, World } from "./world.ts"

const protocols = ["tcp", "udp", "icmp", "all"]

/** Source: Lambda Cloud API 1.10.0, FirewallRule. */
const isRule = ({ protocol, port_range: range, source_network: network, description }: Json): boolean =>
  protocols.includes(String(protocol)) &&
  typeof network === "string" &&
  typeof description === "string" &&
  (range === undefined || (Array.isArray(range) && range.length === 2))

const rulesIn = (value: unknown): readonly Json[] | undefined => {
  const rules = objectsIn(value)
  return rules?.every(isRule) ? rules : undefined
}

const usersOf = ({ state }: World, { id }: Ruleset): readonly string[] =>
  state.instances.filter((one) => isAlive(one) && one.rulesets.includes(id)).map((one) => one.id)

const rowOf = (ruleset: Ruleset, world: World) => ({
  ...{ id: ruleset.id, name: ruleset.name, region: regionOf(ruleset.region), rules: ruleset.rules },
  ...{ created: inSeconds(ruleset.created), instance_ids: usersOf(world, ruleset) }
})

const add = ({ world, body }: Call): Reply => {
  const { state, random } = world
  const [name, region, rules] = [textIn(body, "name"), textIn(body, "region"), rulesIn(body.rules)]
  if (name === undefined || name.length > 64 || rules === undefined) return invalid("name or rules")
  if (region === undefined || regionOf(region) === undefined) return invalid(`Region ${region} does not exist`)
  const ruleset: Ruleset = { id: random.hex(32), name, region, created: state.at, rules }
  state.rulesets.push(ruleset)
  return data(rowOf(ruleset, world))
}

const withRuleset = (handle: (ruleset: Ruleset, call: Call) => Reply) => (call: Call) => {
  const ruleset = call.world.state.rulesets.find(({ id }) => id === call.params.id)
  const message = "Firewall ruleset does not exist or you do not have permission to access it."
  return ruleset === undefined ? refusal(404, "global/object-does-not-exist", message) : handle(ruleset, call)
}

const update = (ruleset: Ruleset, { world, body }: Call): Reply => {
  const rules = body.rules === undefined ? ruleset.rules : rulesIn(body.rules)
  if (rules === undefined) return invalid("rules")
  ruleset.name = textIn(body, "name") ?? ruleset.name
  ruleset.rules = rules
  return data(rowOf(ruleset, world))
}

const remove = (ruleset: Ruleset, { world }: Call): Reply => {
  if (usersOf(world, ruleset).length > 0) {
    const message = "Firewall ruleset is in use by one or more instances."
    return refusal(400, "firewall-rulesets/firewall-ruleset-in-use", message)
  }
  world.state.rulesets = world.state.rulesets.filter((other) => other !== ruleset)
  return data({})
}

const globalRow = ({ state }: World) => ({
  ...{ id: "global", name: "Default Workspace Global Rules", rules: state.globalRules }
})

const setGlobal =
  (field: "rules" | "data", answer: (world: World) => unknown) =>
  ({ world, body }: Call): Reply => {
    const rules = rulesIn(body[field])
    if (rules === undefined) return invalid(field)
    world.state.globalRules = rules
    return data(answer(world))
  }

/** The routes about firewalls. That the older list is the global one is as Lambda's docs have it. */
export const firewallRoutes: ReadonlyArray<readonly [`${string} /${string}`, (call: Call) => Reply]> = [
  ["GET /api/v1/firewall-rules", ({ world }) => data(world.state.globalRules)],
  ["PUT /api/v1/firewall-rules", setGlobal("data", ({ state }) => state.globalRules)],
  ["GET /api/v1/firewall-rulesets", ({ world }) => data(world.state.rulesets.map((one) => rowOf(one, world)))],
  ["POST /api/v1/firewall-rulesets", add],
  ["GET /api/v1/firewall-rulesets/global", ({ world }) => data(globalRow(world))],
  ["PATCH /api/v1/firewall-rulesets/global", setGlobal("rules", globalRow)],
  ["GET /api/v1/firewall-rulesets/{id}", withRuleset((one, { world }) => data(rowOf(one, world)))],
  ["PATCH /api/v1/firewall-rulesets/{id}", withRuleset(update)],
  ["DELETE /api/v1/firewall-rulesets/{id}", withRuleset(remove)]
]
