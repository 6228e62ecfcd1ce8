/** A moment in epoch milliseconds, as ISO 8601 in UTC. */
export const momentJson = (millis: number): string => new Date(millis).toISOString()

/** The same, or null. */
export const momentOrNull = (millis: number | null): string | null => (millis === null ? null : momentJson(millis))
