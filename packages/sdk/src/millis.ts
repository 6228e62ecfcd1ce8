import * as Duration from "effect/Duration"

/** The milliseconds of a length of time that was checked before. */
export const millisOf = (time: Duration.Input): number => Duration.toMillis(Duration.fromInputUnsafe(time))
