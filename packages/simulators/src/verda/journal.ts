import type { JournalRow, World } from "./world.ts"

/** Writes an event down. */
export const note = (
  { state }: World,
  event: Pick<JournalRow, "object" | "type" | "action" | "place"> & Partial<Pick<JournalRow, "by" | "reason">>
): void => {
  state.journal.push({ by: true, reason: null, ...event, id: `${event.type}-log-${state.nextSerial++}`, at: state.at })
}

/** An event as answers show it; people are chosen here. Source: Verda API v1, JournalEvent. */
export const journalRow = ({ id, object, type, action, at, place, by, reason }: JournalRow, { state }: World) => ({
  ...{ id, object_id: object, object_type: type, action_code: action, project_id: state.project },
  ...{ actor_id: by ? "7dfc2631-0158-4f74-93f6-6b46dcb90fef" : null, actor_email: by ? "owner@example.com" : null },
  ...{ timestamp: new Date(at).toISOString(), location_code: place, request_origin: "public-api-v1" },
  ...(by && { request_ip: "203.0.113.9" }),
  ...(reason !== null && { properties: { delete_reason: reason } })
})
