import { describe, expect, test } from "vitest"
import { violationsOf } from "./testing/axe.ts"
import { otherEntries } from "./testing/entries.ts"
import { Refusal } from "./testing/fake-server.ts"
import { machineEntry, teamMachines } from "./testing/machines.ts"
import { pagesOfGroup, skipped } from "./testing/pages.ts"
import { teamWorld, worldTime } from "./testing/world.ts"

/** What each screen shows when it is there. */
const signs = {
  now: "render-farm-3",
  market: "Price history",
  spend: "Paid for",
  trail: "Ledger and accounts agree",
  clouds: "build-01"
}

describe.skipIf(skipped)("the page", () => {
  const open = pagesOfGroup()

  test.each([
    { width: 1440, theme: "light" },
    { width: 390, theme: "dark" }
  ] as const)("every screen at $width in $theme: no violation, nothing to scroll sideways", async (look) => {
    await using opened = await open(look)
    const { tab, site } = opened
    for (const [screen, sign] of Object.entries(signs)) {
      await tab.goto(`${site.url}#/${screen}${screen === "spend" ? "?by=owner" : ""}`)
      await tab.getByText(sign).first().waitFor()
      expect(await tab.title()).toContain("anygpu")
      expect(await tab.evaluate("document.documentElement.scrollWidth - innerWidth"), screen).toBeLessThanOrEqual(0)
      expect(await violationsOf(tab), screen).toEqual([])
    }
  })

  test("the address has no token, and a reload comes back to the same screen", async () => {
    await using opened = await open({ width: 1440, theme: "light" })
    const { tab } = opened
    expect(tab.url()).not.toContain("token")
    await tab.getByRole("link", { name: "Spend", exact: true }).click()
    await tab.getByText("30 days").click()
    await tab.reload()
    await tab.getByRole("radio", { name: "30 days" }).waitFor()
    expect(await tab.getByRole("radio", { name: "30 days" }).isChecked()).toBe(true)
    await tab.goBack()
    await tab.goBack()
    await tab.getByRole("heading", { name: "Machines" }).waitFor()
  })

  test("script in a name stays text", async () => {
    const name = `<img src=x onerror="document.title='taken'"><script>document.title='taken'</script>`
    const hostile = machineEntry({ name, provider: "vast", kind: "container", owner: name, said: name }, 1, worldTime)
    await using opened = await open({ width: 390, theme: "light" }, teamWorld({ entries: [hostile] }))
    const { tab } = opened
    await tab.getByRole("button", { name }).click()
    await tab.getByRole("dialog", { name }).waitFor()
    expect(await tab.title()).toBe("Now · anygpu")
    expect(await tab.evaluate("document.querySelectorAll('main img, main script').length")).toBe(0)
    expect(await tab.evaluate("document.documentElement.scrollWidth - innerWidth")).toBeLessThanOrEqual(0)
  })

  test("comes back by itself when the server went away, and shows what it knew meanwhile", async () => {
    await using opened = await open({ width: 1440, theme: "light" })
    const { tab, site } = opened
    await site.goAway()
    await tab.getByText("connection lost, trying again").waitFor()
    await tab.getByRole("button", { name: "trainer", exact: true }).waitFor()
    site.show({ entries: [machineEntry({ name: "another", provider: "vast", kind: "vm" }, 9, worldTime)] })
    await site.comeBack()
    await tab.getByRole("button", { name: "another", exact: true }).waitFor()
    expect(await tab.getByRole("button", { name: "trainer", exact: true }).count()).toBe(0)
  })

  test("a cloud that fails says why, and how old what is shown of it is", async () => {
    const entries = [...teamMachines(worldTime), ...otherEntries(worldTime, "vast", true)]
    const failing = () => {
      throw new Refusal(502, "ProviderFault", "No cloud answered.")
    }
    await using opened = await open(
      { width: 390, theme: "dark" },
      teamWorld({ entries, answers: { compare: failing } })
    )
    const { tab } = opened
    await tab.getByText("vast could not be asked").waitFor()
    expect(await tab.locator(".notice").first().textContent()).toMatch(/timed out after 10s[\s\S]*as they were 13m ago/)
    expect(await violationsOf(tab)).toEqual([])
    await tab.getByRole("link", { name: "Market" }).click()
    await tab.getByText("No cloud answered.").waitFor()
    await tab.getByRole("button", { name: "Try again" }).waitFor()
  })

  test("nothing to show is said in words, and another token is asked for", async () => {
    const empty = { offers: 0, entries: otherEntries(worldTime, null, true).filter(({ is }) => is === "ledger") }
    await using opened = await open({ width: 390, theme: "light" }, teamWorld(empty))
    const { tab, site, context } = opened
    await tab.getByText("No machine runs, and nothing is paid.").waitFor()
    await tab.getByRole("link", { name: "Market", exact: true }).click()
    await tab.getByText("No offer fits").waitFor()
    expect(await violationsOf(tab)).toEqual([])
    const other = await context.newPage()
    await other.goto(site.url)
    await other.getByLabel("Token").fill("a-token-of-the-test")
    expect(await violationsOf(other)).toEqual([])
    await other.getByRole("button", { name: "Log in" }).press("Enter")
    await other.getByText("No machine runs, and nothing is paid.").waitFor()
  })
})
