import { afterEach, describe, expect, test } from "vitest"
import { createClient as createFluenceClient } from "./fluence/client.test-support.ts"
import type { Address, SimulatedSsh } from "./kit/index.ts"
import { createClient as createVastClient } from "./testing/client.ts"
import { createHuddleClient } from "./testing/huddle.ts"
import { logInTo, newPair } from "./testing/ssh.ts"

const opened = new Set<SimulatedSsh>()
const closing = <S extends { readonly ssh: SimulatedSsh }>(simulator: S): S => {
  opened.add(simulator.ssh)
  return simulator
}
afterEach(async () => {
  for (const ssh of opened) await ssh.close()
  opened.clear()
})

const pair = newPair()
const stranger = newPair()

/** A machine of a cloud: what its API says of the way in, and how it is ended. */
interface Launched {
  readonly ssh: SimulatedSsh
  readonly id: string
  readonly user: string
  readonly address: Address
  /** The GPUs as the driver names them. */
  readonly gpus: readonly string[]
  readonly end: () => Promise<unknown>
}

/**
 * The address of a machine whose row has no port. It is 22 where this computer allows that; elsewhere the row tells the
 * documented address, so that nobody is led to this computer's own sshd.
 */
const atPort22 = ({ host, port }: Address, documented: string): Address => {
  if (port === 22) return { host: documented, port }
  expect(documented).not.toMatch(/^127\./)
  return { host, port }
}

const onVast = async (): Promise<Launched> => {
  const { simulator, rent, show, call } = createVastClient({ ssh: true, sshKeys: [pair.public] })
  closing(simulator)
  const id = await rent({ runtype: "ssh_direct", disk: 20 })
  await simulator.clock.sleep(300_000)
  const row = await show(id)
  const [direct] = row.ports["22/tcp"]
  expect([row.ssh_host, row.ssh_port]).toEqual([row.public_ipaddr, Number(direct.HostPort)])
  return {
    ...{
      ssh: simulator.ssh,
      id: String(id),
      user: "root",
      gpus: Array.from({ length: row.num_gpus }, () => row.gpu_name)
    },
    address: { host: row.public_ipaddr, port: Number(direct.HostPort) },
    end: () => call("DELETE", `/api/v0/instances/${id}/`)
  }
}

const onHuddle = async (): Promise<Launched> => {
  const { simulator, call, deploy, show, sleep } = createHuddleClient({ ssh: true })
  closing(simulator)
  const { body } = await call("POST", "/ssh-keys", { name: "laptop", public_key: pair.public })
  const { id } = (await deploy({ ssh_key_ids: [body.data.id] })).body.data
  await sleep(300_000)
  const row = await show(id)
  return {
    ...{ ssh: simulator.ssh, id, user: row.ssh_user, gpus: ["NVIDIA A100-SXM4-80GB"] },
    address: atPort22(simulator.ssh.of(id), row.ip),
    end: () => call("DELETE", `/deployments/${id}`)
  }
}

const onFluenceVm = async (): Promise<Launched> => {
  const { simulator, deployVm, get, call } = createFluenceClient({ ssh: true })
  closing(simulator)
  const id = await deployVm({ ssh_key: pair.public })
  await simulator.clock.sleep(600_000)
  const { ssh_connection: command } = await get(`/gpu/instances/vms/${id}`)
  const [, port, user = "", host = ""] = /^ssh -p (\d+) (\w+)@(\S+)$/.exec(command) ?? []
  const end = () => call("DELETE", `/gpu/instances/vms/${id}`).then(() => simulator.clock.sleep(60_000))
  return { ssh: simulator.ssh, id, user, gpus: ["NVIDIA A10"], address: { host, port: Number(port) }, end }
}

const onFluenceContainer = async (): Promise<Launched> => {
  const { simulator, deploy, get, call } = createFluenceClient({ ssh: true })
  closing(simulator)
  const id = await deploy({}, { ssh_key: pair.public })
  await simulator.clock.sleep(600_000)
  const { network } = await get(`/gpu/instances/${id}`)
  const ports: ReadonlyArray<{ readonly port: string; readonly external_port: string }> = network.forwarded_ports
  const port = Number(ports.find((one) => one.port === "22")?.external_port)
  const end = () => call("DELETE", `/gpu/instances/${id}`).then(() => simulator.clock.sleep(60_000))
  const address = { host: network.domain, port }
  return { ssh: simulator.ssh, id, user: "root", gpus: ["NVIDIA A100-SXM4-80GB"], address, end }
}

const onFluenceCpu = async (): Promise<Launched> => {
  const { simulator, call, get } = createFluenceClient({ ssh: true })
  closing(simulator)
  const osImage = "https://cloud-images.ubuntu.com/releases/22.04/release/ubuntu-22.04-server-cloudimg-amd64.img"
  const vmConfiguration = { name: "my-vm", openPorts: [], osImage, sshKeys: [pair.public] }
  const { body } = await call("POST", "/vms/v3", { constraints: null, instances: 1, vmConfiguration })
  const [{ vmId: id }] = body
  await simulator.clock.sleep(600_000)
  const row = (await get("/vms/v3")).find((one: { readonly id: string }) => one.id === id)
  const end = () => call("DELETE", "/vms/v3", { vmIds: [id] }).then(() => simulator.clock.sleep(60_000))
  return {
    ssh: simulator.ssh,
    id,
    user: "ubuntu",
    gpus: [],
    address: atPort22(simulator.ssh.of(id), row.publicIp),
    end
  }
}

const clouds = { onVast, onHuddle, onFluenceVm, onFluenceContainer, onFluenceCpu }

describe.each(Object.entries(clouds))("a machine %s", (_, launch) => {
  test("is logged in to at the address that its cloud tells, with the launch's key", async () => {
    const { ssh, id, user, address, gpus } = await launch()
    expect(address).toEqual({ host: ssh.of(id).host, port: ssh.of(id).port })
    expect(address.host).toMatch(/^127\./)
    await using session = await logInTo(address, user, pair)
    expect(session.hostKey).toBe(ssh.of(id).hostKey)
    expect(await session.exec("whoami; cat; exit 3", "input")).toMatchObject({ code: 3, stdout: `${user}\ninput` })
    const { stdout, code } = await session.exec("nvidia-smi --query-gpu=name --format=csv,noheader")
    if (gpus.length === 0) expect(code).toBe(9)
    else {
      expect(stdout.trim().split("\n").length).toBe(gpus.length)
      for (const [index, line] of stdout.trim().split("\n").entries())
        expect(line.replaceAll(/\W/g, "")).toContain((gpus[index] ?? "").split(" ").at(-1)?.replaceAll(/\W/g, ""))
    }
    await expect(logInTo(address, user, stranger)).rejects.toThrow("authentication methods failed")
    await expect(logInTo(address, "mallory", pair)).rejects.toThrow("authentication methods failed")
  })

  test("loses its connections when it is ended, and its port is refused", async () => {
    const { ssh, user, address, end } = await launch()
    await using session = await logInTo(address, user, pair)
    const running = session.exec("sleep infinity").catch((error: Error) => error.message)
    await end()
    for (let asked = 0; ssh.all().some(({ isOpen }) => isOpen) && asked < 100; asked++) {
      await new Promise((done) => setTimeout(done, 20))
    }
    await session.gone
    expect(await running).toMatch(/gone|No exit status/)
    await expect(logInTo(address, user, pair)).rejects.toThrow("ECONNREFUSED")
  })
})

test("without the option there are the documented addresses, and nothing is opened", async () => {
  const { simulator, rent, show } = createVastClient({ sshKeys: [pair.public] })
  const id = await rent({ runtype: "ssh_direct" })
  await simulator.clock.sleep(300_000)
  expect((await show(id)).ssh_host).toMatch(/^ssh\d\.vast\.ai$/)
  await simulator.ssh.settle()
  expect(simulator.ssh.all()).toEqual([])
  expect(() => simulator.ssh.of(id)).toThrow("option ssh")
})
