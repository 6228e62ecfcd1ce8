import { afterEach, expect, test } from "vitest"
import { createClock } from "./clock.ts"
import { createVastSimulator, type VastSimulator, type VastSimulatorOptions } from "./index.ts"
import { gpuOf } from "./kit/machine/hardware.ts"
import { logInTo, newPair } from "./testing/ssh.ts"

const pair = newPair()
const opened = new Set<VastSimulator>()
afterEach(async () => {
  for (const { ssh } of opened) await ssh.close()
  opened.clear()
})

/** A simulator with a machine that runs. */
const withMachine = async (options: VastSimulatorOptions = {}, machine: { readonly bid?: number } = {}) => {
  const simulator = createVastSimulator({ ssh: true, sshKeys: [pair.public], ...options })
  opened.add(simulator)
  const id = simulator.addMachine({ runtype: "ssh_direct", disk: 10, ...machine })
  await simulator.ssh.settle()
  return { simulator, id, of: () => simulator.ssh.of(id), enter: () => logInTo(simulator.ssh.of(id), "root", pair) }
}

test("a slow boot: the port is refused, then the key, then it lets in", async () => {
  const { simulator, enter } = await withMachine({ ssh: { boot: { port: 60_000, login: 90_000 } } })
  await expect(enter()).rejects.toThrow("ECONNREFUSED")
  await simulator.clock.sleep(61_000)
  await simulator.ssh.settle()
  await expect(enter()).rejects.toThrow("authentication methods failed")
  await simulator.clock.sleep(30_000)
  await using session = await enter()
  expect(await session.exec("echo in")).toMatchObject({ stdout: "in\n" })
})

test("what is refused by hand is refused until it is let in again", async () => {
  const { of, enter } = await withMachine()
  const { port } = of()
  await of().refuse("login")
  await expect(enter()).rejects.toThrow("authentication methods failed")
  await of().refuse("connection")
  await expect(enter()).rejects.toThrow("ECONNREFUSED")
  await of().refuse(null)
  await using session = await enter()
  expect(await session.exec("true")).toMatchObject({ code: 0 })
  expect(of().port).toBe(port)
})

test.each(["close", "reset", "silence"] as const)(
  "a connection that is lost by %s ends, and what runs without it goes on",
  async (how) => {
    const { of, enter } = await withMachine({ clock: createClock({ mode: { speed: 1 } }) })
    await using session = await enter()
    await session.exec("setsid sh -c 'sleep 0.3; echo done >f' </dev/null >/dev/null 2>&1 &")
    const lost = session.exec("sleep infinity").catch((error: Error) => error)
    await session.exec("true")
    expect(of().cut(how)).toBe(1)
    await session.gone
    expect(await lost).toBeInstanceOf(Error)
    await using next = await enter()
    expect(await next.exec("sleep 0.4; cat f")).toMatchObject({ stdout: "done\n" })
  }
)

test("a machine that is started again keeps its files and its host key, and loses what ran", async () => {
  const { of, enter } = await withMachine({ clock: createClock({ mode: { speed: 1 } }) })
  await using session = await enter()
  await session.exec("echo kept >f; setsid sleep 100 </dev/null >/dev/null 2>&1 &")
  of().restart()
  await session.gone
  await using next = await enter()
  expect(await next.exec("cat f; pgrep sleep")).toMatchObject({ stdout: "kept\n" })
  expect(next.hostKey).toBe(session.hostKey)
})

test("a container that is made again has another host key and new files", async () => {
  const { simulator, id, of, enter } = await withMachine()
  await using session = await enter()
  await session.exec("echo old >f")
  const headers = { authorization: `Bearer ${simulator.apiKey}` }
  await simulator.fetch(`${simulator.origin}/api/v0/instances/recycle/${id}/`, { method: "PUT", headers })
  await session.gone
  await simulator.clock.sleep(300_000)
  await simulator.ssh.settle()
  await using next = await enter()
  expect(next.hostKey).not.toBe(session.hostKey)
  expect(next.hostKey).toBe(of().hostKey)
  expect(await next.exec("cat f")).toMatchObject({ code: 1, stdout: "" })
})

test("preemption in the middle of a training ends it, and it goes on from its checkpoint", async () => {
  const clock = createClock({ mode: { speed: 100 } })
  const { simulator, id, of, enter } = await withMachine({ clock }, { bid: 5 })
  const train = "python3 -u train.py --steps 60 --every 10"
  of().write("train.py", "# its steps are the machine's own\n")
  await using session = await enter()
  const lost = session.exec(train).catch((error: Error) => error)
  while (!(await session.exec("cat checkpoints/last.json")).stdout.includes('"step":20')) await clock.sleep(1000)
  simulator.preempt(id)
  await simulator.ssh.settle()
  await session.gone
  expect(await lost).toBeInstanceOf(Error)
  await expect(enter()).rejects.toThrow("ECONNREFUSED")
  simulator.outbidBack(id)
  while (!simulator.ssh.of(id).isOpen) await clock.sleep(1000)
  await using next = await enter()
  const { stdout, code } = await next.exec(train)
  expect(code).toBe(0)
  expect(stdout).toMatch(/^resuming from step \d0 on/)
  const whole = await withMachine({ clock })
  whole.of().write("train.py", "")
  await using other = await whole.enter()
  await other.exec(train)
  expect(of().read("out/result.json")).toEqual(whole.of().read("out/result.json"))
})

test("a host without network falls silent, and goes on when it is back", async () => {
  const { simulator, id, enter } = await withMachine({ clock: createClock({ mode: { speed: 1 } }) })
  await using session = await enter()
  await session.exec("setsid sleep 100 </dev/null >/dev/null 2>&1 &")
  simulator.hostOffline(id)
  await simulator.ssh.settle()
  await session.gone
  await expect(enter()).rejects.toThrow("ECONNREFUSED")
  simulator.hostOnline(id)
  await simulator.ssh.settle()
  await using next = await enter()
  expect((await next.exec("pgrep sleep")).code).toBe(0)
})

test("a full disk refuses what is written, and keeps what is there", async () => {
  const { of, enter } = await withMachine()
  of().write("data/a", "kept")
  of().fillDisk()
  await using session = await enter()
  const { stdout, stderr } = await session.exec(
    "echo more >data/b; echo $?; cat data/a; df -kP / | tail -n 1 | tr -s ' ' | cut -d' ' -f4"
  )
  expect(stdout).toBe("1\nkept0\n")
  expect(stderr).toContain("No space left on device")
  expect(() => of().read("data/b")).toThrow("No such file")
})

test("a machine is not what was rented: from the start, or from now on", async () => {
  const { of, enter } = await withMachine({
    ssh: { hardware: (rented) => ({ ...rented, gpus: [gpuOf("RTX 3060", 0)], memoryMiB: 1024 }) }
  })
  await using session = await enter()
  const list =
    "nvidia-smi --query-gpu=name,ecc.errors.uncorrected.volatile.total,clocks_event_reasons.hw_thermal_slowdown --format=csv,noheader"
  expect(await session.exec(`${list}; grep MemTotal /proc/meminfo`)).toMatchObject({
    stdout: "NVIDIA GeForce RTX 3060, [N/A], Not Active\nMemTotal:        1048576 kB\n"
  })
  of().change((hardware) => ({ ...hardware, gpus: [{ ...gpuOf("A100 SXM4", 0), uncorrected: 12, isThrottled: true }] }))
  expect((await session.exec(list)).stdout).toBe("NVIDIA A100-SXM4-80GB, 12, Active\n")
})

test("a port of the machine is led to, and no port of this computer", async () => {
  const { of, enter } = await withMachine()
  of().write("site/a.txt", "from afar")
  await using session = await enter()
  void session.exec("serve 8080 site").catch(() => {})
  void session.exec("jupyter lab --port 8888 --IdentityProvider.token=secret").catch(() => {})
  while ((await session.exec("curl -sf localhost:8080/a.txt")).code !== 0)
    await new Promise((done) => setTimeout(done, 5))
  expect(await session.get(8080, "/a.txt")).toMatch(/^HTTP\/1.1 200.*from afar$/s)
  expect(await session.get(8888, "/lab?token=secret")).toContain("JupyterLab")
  expect(await session.get(8888, "/lab")).toContain("403")
  await expect(session.get(of().port, "/")).rejects.toThrow("Channel open failure")
})

test("the same seed gives the same machine", async () => {
  const [a, b] = [await withMachine(), await withMachine()]
  expect(a.of().hostKey).toBe(b.of().hostKey)
  await using one = await a.enter()
  await using two = await b.enter()
  for (const command of ["nvidia-smi -L", "train --steps 5; cat checkpoints/last.json", "nvidia-smi -q -x"])
    expect((await one.exec(command)).stdout).toBe((await two.exec(command)).stdout)
})
