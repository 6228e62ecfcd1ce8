import { ok, row, world } from "./cloud.test-support.ts"

/** The route of a deploy. */
export const deploys = "POST /deployments/clusters"

/** What a deploy was sent. */
export const bodyOf = (request: { readonly body?: string } | undefined) => JSON.parse(request?.body ?? "{}")

const ids = ["dep_abc123", "dep_2", "dep_3", "dep_4"]

/** A Huddle01 that deploys and shows what it made, under its hostname; the answers of the deploys are these. */
export const renting = (replies: Parameters<typeof world>[0] = {}) => {
  const ordered = (more: object) => ok(row({ status: "ordered", ip: null, ...more }))
  const shows = ids.map((id, index) => {
    const show = () =>
      ordered({
        id,
        hostname: bodyOf(made.to(deploys)[replies[deploys] ? made.to(deploys).length - 1 : index]).hostname
      })
    return [`GET /deployments/${id}`, show] as const
  })
  const made = world({
    [deploys]: (_, call) => ordered({ id: ids[call] }),
    ...Object.fromEntries(shows),
    ...replies
  })
  return made
}
