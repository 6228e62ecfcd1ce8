import { describeSupervisor } from "./supervisor.test-support.ts"

describeSupervisor([{ sh: ["bash"], setsid: true }])
