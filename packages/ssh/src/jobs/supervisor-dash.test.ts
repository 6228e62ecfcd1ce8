import { describeSupervisor } from "./supervisor.test-support.ts"

describeSupervisor([
  { sh: ["dash"], setsid: true },
  { sh: ["dash"], setsid: false }
])
