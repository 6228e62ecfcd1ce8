import { fields } from "./field.ts"

/** Which machine. */
export const machineField = fields({
  ref: {
    ...{ type: "machine", required: true },
    description: "a machine as `list` tells it: by its whole ref (vast/container/123), id or name"
  }
})
