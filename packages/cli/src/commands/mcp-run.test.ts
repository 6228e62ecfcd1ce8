import { expect, test } from "vitest"
import { simulatedClouds } from "../testing/clouds.ts"
import { sshMachine, withoutSshd } from "../testing/machine.ts"
import { answerOf, mcpSession } from "../testing/mcp.ts"

test.skipIf(withoutSshd)(
  "says at the end of the session which runs go on, and how to end them",
  async () => {
    const machine = await sshMachine()
    using clouds = simulatedClouds()
    const session = await mcpSession(clouds, ["--allow-spend", "20"], { ssh: machine.ssh })
    const job = { gpu: "RTX 4090", image: "ubuntu:24.04", for: "1h" }
    try {
      const left = answerOf(await session.call("run", { ...job, command: ["sleep 63.25"], key: "left" }))
      answerOf(await session.call("run", { ...job, command: ["true"], key: "over" }))
      expect(answerOf(await session.call("attach", { run: "over" }))).toMatchObject({ state: "over", code: 0 })
      expect(await session.end()).toBe(0)
      const { stderr } = session.printed
      expect(stderr).toContain(`run left goes on, on ${left.machine}: anygpu attach left brings it to its end`)
      expect(stderr).not.toContain("run over")
      expect((await clouds.runWith({ ssh: machine.ssh }, "stop-job", "left")).stderr).toContain("is ended, verified")
    } finally {
      await machine[Symbol.asyncDispose]()
    }
  },
  60_000
)
