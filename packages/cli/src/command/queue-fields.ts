import { fields, orderTerms } from "@anygpu/operations"

/** What leaves a launch to a keeper. */
export const queueFields = fields({
  queue: {
    type: "switch",
    description:
      "order it from a keeper, and do not wait: it needs --ttl, and --max-per-hour or --max-total; see `orders`"
  },
  secretEnv: { ...orderTerms.secretEnv, description: `with --queue: ${orderTerms.secretEnv.description}` },
  registrySecret: {
    type: "name",
    description: "with --queue: the password of --registry-user, by the name of a secret that the keeper has"
  },
  notSecret: { ...orderTerms.notSecret, description: `with --queue: ${orderTerms.notSecret.description}` }
})
