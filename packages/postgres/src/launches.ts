import type { LaunchQuery, LaunchRecord } from "@anygpu/core"
import type { LaunchTable } from "@anygpu/core/ledger"
import { type Condition, equals, recordsIn } from "./records.ts"
import type { Session } from "./session.ts"

const conditionsOf = (query: LaunchQuery): ReadonlyArray<Condition> => [
  ...equals({ provider: query.provider, kind: query.kind, key: query.key, marker: query.marker }),
  ...equals({ instance_id: query.instanceId }),
  ...(query.states ? [["state = ANY", [...query.states]] as const] : []),
  ...(query.endsBefore === undefined ? [] : [["lease_until < ", query.endsBefore] as const]),
  ...(query.leased === undefined ? [] : [[`lease_until IS ${query.leased ? "NOT " : ""}NULL`] as const]),
  ...(query.owned === undefined ? [] : [[`owner IS ${query.owned ? "NOT " : ""}NULL`] as const])
]

/** The rows of launches. */
export const launchRows = (session: Session): LaunchTable => {
  const { by, add, save, where } = recordsIn<LaunchRecord>(session, "launches", {
    column: "marker",
    of: ({ marker }) => marker
  })
  return { byMarker: by("marker"), byKey: by("key"), add, save, find: (query) => where(conditionsOf(query)) }
}
