import { describeSupervisor } from "./supervisor.test-support.ts"

describeSupervisor([
  { sh: ["busybox", "sh"], setsid: true },
  { sh: ["busybox", "sh"], setsid: false }
])
