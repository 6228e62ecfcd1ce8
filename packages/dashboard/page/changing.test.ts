import { describe, expect, test } from "vitest"
import { violationsOf } from "./testing/axe.ts"
import { otherEntries } from "./testing/entries.ts"
import { Refusal } from "./testing/fake-server.ts"
import { teamMachines } from "./testing/machines.ts"
import { pagesOfGroup, skipped } from "./testing/pages.ts"
import { quoteOf } from "./testing/quote.ts"
import { teamWorld, worldTime } from "./testing/world.ts"

describe.skipIf(skipped)("changes", () => {
  const open = pagesOfGroup()

  test("a machine is ended by the keyboard alone, after a question that names it and its cost", async () => {
    const world = teamWorld({
      answers: {
        terminate: ({ ref }) => ({
          ...{ ref, alreadyGone: false, leftovers: [], observedAt: new Date(worldTime).toISOString() },
          cost: {
            cost: [{ amount: "50.53", currency: "USD" }],
            paidSeconds: 1,
            unobservedSeconds: 0,
            unpricedSeconds: 0
          }
        })
      }
    })
    await using opened = await open({ width: 1440, theme: "dark" }, world)
    const { tab, site } = opened
    await tab.getByRole("button", { name: "End trainer" }).focus()
    await tab.keyboard.press("Enter")
    const dialog = tab.getByRole("dialog", { name: "End trainer for good?" })
    await dialog.waitFor()
    expect(await dialog.textContent()).toMatch(/vast\/container\/48000000[\s\S]*\$8\.943[\s\S]*\$50\.5/)
    expect(await violationsOf(tab)).toEqual([])
    for (let presses = 0; presses < 12; presses += 1) {
      await tab.keyboard.press("Tab")
      expect(
        await tab.evaluate("document.activeElement === document.body || !!document.activeElement.closest('dialog')")
      ).toBe(true)
      if ((await tab.evaluate("document.activeElement.textContent")) === "End trainer") break
    }
    await tab.keyboard.press("Enter")
    await tab.getByRole("dialog", { name: "trainer is gone" }).waitFor()
    expect(site.calls.filter(({ name }) => name === "terminate")).toEqual([
      { name: "terminate", input: { ref: "vast/container/48000000" } }
    ])
    await tab.keyboard.press("Escape")
    site.emit([], ["machine/vast/container/48000000"])
    await tab.getByText("trainer is gone").waitFor({ state: "attached" })
    expect(await tab.getByRole("button", { name: "trainer", exact: true }).count()).toBe(0)
  })

  test("stop, start and extend by the keyboard; what a machine cannot do has no button", async () => {
    const extended = ({ ref }: Readonly<Record<string, unknown>>) => ({
      ...{ ref, until: "2026-11-30T16:20:00.000Z", before: "2026-11-30T14:41:00.000Z" }
    })
    const done = ({ ref }: Readonly<Record<string, unknown>>) => ({ ref })
    await using opened = await open(
      { width: 390, theme: "light" },
      teamWorld({ answers: { stop: done, start: done, extend: extended } })
    )
    const { tab, site } = opened
    const names = async () => await tab.getByRole("dialog").getByRole("button").allInnerTexts()
    await tab.getByRole("button", { name: "trainer", exact: true }).focus()
    await tab.keyboard.press("Enter")
    await tab.getByText("epoch 3").waitFor()
    expect(await names()).toEqual(expect.arrayContaining(["Stop", "Restart…", "Extend…", "End…", "Copy"]))
    await tab.getByRole("button", { name: "Extend…" }).press("Enter")
    await tab.getByLabel("Needed, from now").fill("2h")
    await tab.getByLabel("Needed, from now").press("Enter")
    await tab.getByText("trainer now ends at Nov 30, 18:20.").waitFor()
    await tab.getByRole("button", { name: "Stop", exact: true }).press("Enter")
    await tab.getByText("trainer is asked to stop").waitFor({ state: "attached" })
    await tab.keyboard.press("Escape")
    await tab.getByRole("button", { name: "checkpoint-box" }).press("Enter")
    expect(await names()).not.toContain("Stop")
    await tab.getByRole("button", { name: "Start…" }).press("Enter")
    await tab.getByRole("button", { name: "Start it" }).press("Enter")
    await tab.getByText("checkpoint-box is starting").waitFor({ state: "attached" })
    const sent = site.calls.filter(({ name }) => ["stop", "start", "extend"].includes(name))
    expect(sent).toEqual([
      { name: "extend", input: { ref: "vast/container/48000000", for: "2h" } },
      { name: "stop", input: { ref: "vast/container/48000000" } },
      { name: "start", input: { ref: "verda/vm/4b1c77d0" } }
    ])
  })

  test("a launch shows its quote, and sends one key however often it is pressed", async () => {
    const quoted = (input: Readonly<Record<string, unknown>>) => quoteOf(String(input["offer"]))
    const refused = () => {
      throw new Refusal(409, "NoCapacity", "The offer is gone: take another one.")
    }
    await using opened = await open(
      { width: 1440, theme: "light" },
      teamWorld({ answers: { quote: quoted, launch: refused } })
    )
    const { tab, site } = opened
    await tab.getByRole("link", { name: "Market" }).click()
    await tab
      .getByRole("button", { name: /^Launch 1x/ })
      .first()
      .press("Enter")
    await tab.getByText("Name what it shall run").waitFor()
    await tab.getByLabel("System").fill("ubuntu")
    await tab.getByText("$0.60 and $0.20 per hour, else refused").waitFor()
    expect(await violationsOf(tab)).toEqual([])
    const rent = tab.getByRole("button", { name: "Rent it for ~$0.47" })
    await rent.press("Enter")
    await tab.getByText("The offer is gone").waitFor()
    await rent.press("Enter")
    await expect.poll(() => site.calls.filter(({ name }) => name === "launch").length).toBe(2)
    const [first, second] = site.calls.filter(({ name }) => name === "launch")
    expect(first?.input["key"]).toMatch(/^[0-9a-f-]{36}$/)
    expect(second?.input).toEqual(first?.input)
    expect(first?.input).toMatchObject({ for: "3h", disk: "40GB", maxTotal: "0.6", name: "rtx-3090", os: "ubuntu" })
  })

  test("a server that only reads has no button that cannot work", async () => {
    const world = teamWorld({
      changes: false,
      spends: false,
      entries: [...teamMachines(worldTime), ...otherEntries(worldTime, null, false)]
    })
    await using opened = await open({ width: 1440, theme: "light" }, world)
    const { tab } = opened
    await tab.getByText("read-only").waitFor()
    expect(await tab.getByRole("button", { name: /^End/ }).count()).toBe(0)
    await tab.getByRole("button", { name: "trainer", exact: true }).click()
    await tab.getByText("epoch 3").waitFor()
    const buttons = await tab.getByRole("dialog").getByRole("button").allInnerTexts()
    expect(buttons.filter((text) => /Stop|Start|Extend|End|Restart/.test(text))).toEqual([])
    await tab.keyboard.press("Escape")
    await tab.getByRole("link", { name: "Market" }).click()
    await tab.getByText("the cheapest job first").waitFor()
    expect(await tab.getByRole("button", { name: /Launch|Rent/ }).count()).toBe(0)
  })
})
