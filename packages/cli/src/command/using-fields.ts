import { copy, exec, fields, forward, notebook, sshConfig, verify } from "@anygpu/operations"

/*
 * What commands that log in to a machine take beside what their operations take, or in its place.
 */

/** How somebody logs in. */
const loginFields = fields({
  identity: { type: "file", description: "the private key to use" },
  openssh: { type: "switch", description: "use this computer's ssh, with hardware keys, jumps and ~/.ssh/config" },
  wait: exec.input.wait
})

/** What `exec` takes. */
export const execFields = fields({
  ref: exec.input.ref,
  command: { type: "text", repeats: true, required: true, description: "what to run there, after --" },
  env: { ...exec.input.env, description: "a variable of the command; a name alone is taken from here" },
  cwd: exec.input.cwd,
  stdin: { type: "switch", flag: "no-stdin", description: "give it nothing to read" },
  timeout: {
    ...exec.input.timeout,
    description: "how long it may take before it is ended; as long as it takes by default"
  },
  ...loginFields
})

/** What `cp` takes. */
export const copyFields = fields({
  paths: {
    ...{ type: "file", repeats: true, required: true, flag: "path" },
    description: "what is copied, and last where to; those of a machine are written machine:path"
  },
  noIgnore: { ...copy.input.noIgnore, flag: "all", description: copy.input.noIgnore.description },
  ...loginFields
})

/** What `verify` takes. */
export const verifyFields = fields({
  ref: verify.input.ref,
  write: verify.input.write,
  url: verify.input.url,
  ...loginFields
})

const openField = fields({ open: { type: "switch", description: "open it in the browser" } })

/** What `forward` takes. */
export const forwardFields = fields({
  ref: forward.input.ref,
  ports: forward.input.ports,
  ...openField,
  ...loginFields
})

/** What `notebook` takes. */
export const notebookFields = fields({
  ref: notebook.input.ref,
  cwd: notebook.input.cwd,
  local: { type: "port-number", description: "the port of this computer; the same as there, or any, by default" },
  stop: notebook.input.stop,
  ...openField,
  ...loginFields
})

/** What `ssh-config` takes. */
export const sshConfigFields = fields({
  ...sshConfig.input,
  install: { type: "switch", description: "keep it in a file of its own, which one line of ~/.ssh/config includes" },
  remove: { type: "switch", description: "take out all that --install wrote" },
  identity: { type: "file", description: "the private key for all of them; that of each launch by default" }
})
