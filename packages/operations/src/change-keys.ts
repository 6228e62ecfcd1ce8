import { fields } from "./input/field.ts"
import { operation } from "./operation.ts"

/** What `add-key` takes. */
export const addKeyInput = fields({
  key: { type: "public-key", required: true, description: "the text of a public key, as in a .pub file" },
  name: { type: "name", description: "what the new key is called, where a cloud takes a name" }
})

/** What `remove-key` takes. */
export const removeKeyInput = fields({
  key: { type: "text", required: true, description: "a key as `keys` shows it: its ref (vast/4711), id or name" }
})

/** Lets a key in. */
export const addKey = operation({
  name: "add-key",
  title: "Put a public ssh key on every account",
  summary: "put a public ssh key on every account, so that machines launched from now on let it in",
  ...{ effect: "change", idempotent: false, input: addKeyInput },
  examples: [
    {
      input: { key: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJqfYyTq6JXc2TCL1vBiP6c9u0g6WwfEAf1FhMqV4nYb me@laptop" },
      does: "let this key in, on every account"
    }
  ],
  answer: async () => (await import("./protocol/index.ts")).keysShape,
  load: async () => (await import("./run.ts")).keyChanges.addKey
})

/** Takes a key away. */
export const removeKey = operation({
  name: "remove-key",
  title: "Take a public ssh key away from an account",
  summary: "take a public ssh key away from an account; machines that have it go on letting it in",
  ...{ effect: "change", idempotent: true, input: removeKeyInput },
  examples: [{ input: { key: "laptop" }, does: "take one away" }],
  answer: async () => (await import("./protocol/index.ts")).keysShape,
  load: async () => (await import("./run.ts")).keyChanges.removeKey
})
