import { fields, orderTerms } from "@anygpu/operations"

/** The options of secrets that a keeper has, for what is left to one by the switch `flag`. */
export const secretFields = (flag: string) =>
  fields({
    secretEnv: { ...orderTerms.secretEnv, description: `with --${flag}: ${orderTerms.secretEnv.description}` },
    registrySecret: {
      type: "name",
      description: `with --${flag}: the password of --registry-user, by the name of a secret that the keeper has`
    },
    notSecret: { ...orderTerms.notSecret, description: `with --${flag}: ${orderTerms.notSecret.description}` }
  })

/** The names of these options. */
export const secretOptions = ["secretEnv", "registrySecret", "notSecret"] as const

/** What leaves a launch to a keeper. */
export const queueFields = fields({
  queue: {
    type: "switch",
    description:
      "order it from a keeper, and do not wait: it needs --ttl, and --max-per-hour or --max-total; see `orders`"
  },
  ...secretFields("queue")
})
