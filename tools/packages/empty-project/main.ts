import { closedDoors } from "./closed-doors.ts"
import { factories } from "./factories.ts"
import { ownCloud } from "./own-cloud.ts"
import { renting } from "./renting.ts"
import { withEffect } from "./with-effect.ts"

await renting()
await withEffect()
await ownCloud()
factories()
await closedDoors()
