import { operation } from "./operation.ts"

/** The disks of the accounts. */
export const volumes = operation({
  name: "volumes",
  title: "List the volumes of the accounts",
  summary: "list the disks of the accounts that outlive machines, what each costs, and who has it",
  about: "What `--attach` of a launch may name. A volume costs by itself, whether a machine has it or not.",
  ...{ effect: "read", idempotent: true, input: {} },
  examples: [{ input: {}, does: "on every cloud that has any; says which clouds have none" }],
  answer: async () => (await import("./protocol/index.ts")).volumesShape,
  load: async () => (await import("./run.ts")).volumes
})
