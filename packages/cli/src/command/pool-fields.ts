import { fields, pool } from "@anygpu/operations"
import { launchFields } from "./fields.ts"
import { secretFields } from "./queue-fields.ts"

const { what: _, offer: __, name: ___, for: ____, key: _____, ttl: ______, race: _______, ...launch } = launchFields
const { queue: _h, secretEnv: _i, registrySecret: _j, notSecret: _k, ...made } = launch
const {
  maxTotal: _a,
  wait: _b,
  verify: _c,
  attach: _d,
  waitForCapacity: _e,
  loginCheck: _f,
  endsItself: _g,
  ...machine
} = made

/** What `pool` takes: what its machines run comes from this computer. */
export const poolFields = fields({
  ...{ name: pool.input.name, size: pool.input.size, maxAllPerHour: pool.input.maxAllPerHour },
  ...{ holdFor: pool.input.holdFor, for: pool.input.for },
  every: { type: "duration", description: "go on until Ctrl-C, with a round so often: 1m" },
  kept: {
    type: "switch",
    description:
      "let keepers keep it, also while this computer is off; again with another size or other machines to change it"
  },
  ...secretFields("kept"),
  ...machine
})
