import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { readNvidiaCsv } from "./nvidia-csv.ts"
import { readNvidiaXml } from "./nvidia-xml.ts"
import { readRocm } from "./rocm.ts"

const readers = [readNvidiaXml, readNvidiaCsv, readRocm]

describe("what programs say in the place of an answer", () => {
  test.each([
    ["No devices were found", "none"],
    ["NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that", "failed"],
    ["Failed to initialize NVML: Driver/library version mismatch\nNVML library version: 535.161", "failed"],
    ["Failed to initialize NVML: Unknown Error", "failed"],
    ["Unable to determine the device handle for GPU0000:CB:00.0: Unknown Error", "failed"],
    ["Unable to determine the device handle for GPU 0000:02:00.0: GPU is lost.  Reboot the system to", "failed"],
    ['Field "mig.mode.current" is not a valid field to query.', "unknown"],
    ["sh: 1: nvidia-smi: not found", "unknown"],
    ["", "unknown"]
  ])("%s", (said, state) => {
    expect(readNvidiaXml(`${said}\n`).state).toBe(state)
    expect(readNvidiaCsv(`${said}\n`).state).toBe(state)
  })

  test("by rocm-smi", () => {
    expect(readRocm("ERROR:root:Driver not initialized (amdgpu not found in modules)\n").state).toBe("failed")
    expect(readRocm("{}").state).toBe("none")
    expect(readRocm("WARNING: No JSON data to report\n").state).toBe("unknown")
    expect(readRocm('{"system": {"Driver version": "6.2.4"}}').state).toBe("none")
  })
})

const document = (gpus: string, around = { before: "", after: "" }) =>
  `${around.before}<?xml version="1.0" ?>\n<nvidia_smi_log>\n<attached_gpus>1</attached_gpus>${gpus}</nvidia_smi_log>\n${around.after}`

const gpu = (fields: string) => `<gpu id="0"><product_name>NVIDIA L4</product_name>${fields}</gpu>`

describe("odd documents", () => {
  test("a value that is not there is null, and one that says so of an error is broken", () => {
    const total = (text: string) =>
      readNvidiaXml(document(gpu(`<fb_memory_usage><total>${text}</total></fb_memory_usage>`)))
    for (const text of [
      "N/A",
      "[N/A]",
      "[Not Supported]",
      "Insufficient Permissions",
      "",
      "23034",
      "23034 KiB",
      "2e4 MiB",
      "23034 MiB of 24576 MiB",
      "-1 MiB"
    ]) {
      expect(total(text)).toMatchObject({ gpus: [{ memoryMiB: null, brokenFields: [] }] })
    }
    for (const text of ["[Unknown Error]", "Unknown Error", "ERR!", "[GPU is lost]", "[GPU requires reset]"]) {
      expect(total(text)).toMatchObject({ gpus: [{ memoryMiB: null, brokenFields: ["total"] }] })
    }
  })

  test("what the program says around the document is kept", () => {
    const after = "WARNING: infoROM is corrupted at gpu 0000:01:00.0\n"
    expect(readNvidiaXml(document(gpu(""), { before: "", after }))).toMatchObject({ state: "read", said: after.trim() })
  })

  test("names of other programs' processes are not read, whatever is in them", () => {
    const processes = (name: string) =>
      `<processes><process_info><process_name>${name}</process_name></process_info></processes>`
    expect(readNvidiaXml(document(gpu(processes("a & b < c \u0001"))))).toMatchObject({ state: "read" })
    const forged = processes(`</processes></gpu>${gpu("")}<gpu id="2"><processes>`)
    expect(readNvidiaXml(document(gpu(forged))).state).toBe("unknown")
  })

  test("a document without a GPU has none, and another document is refused", () => {
    expect(readNvidiaXml(document("")).state).toBe("none")
    expect(readNvidiaXml('<?xml version="1.0" ?><html><nvidia_smi_log></nvidia_smi_log></html>').state).toBe("unknown")
    expect(readNvidiaXml(document("<gpu>")).state).toBe("unknown")
  })

  test.each([
    ["retired_pages", "<retired_pages><pending_retirement>Yes</pending_retirement></retired_pages>"],
    ["remapped_rows", "<remapped_rows><remapped_row_failure>Yes</remapped_row_failure></remapped_rows>"],
    ["gpu_recovery_action", "<gpu_recovery_action>Reset</gpu_recovery_action>"],
    ["gpu_reset_status", "<gpu_reset_status><reset_required>Yes</reset_required></gpu_reset_status>"]
  ])("%s may ask for a repair", (_, fields) => {
    expect(readNvidiaXml(document(gpu(fields)))).toMatchObject({ gpus: [{ repairs: [expect.any(String)] }] })
  })

  test("errors are counted in each way in which drivers do", () => {
    const errors = (volatile: string) =>
      readNvidiaXml(document(gpu(`<ecc_errors><volatile>${volatile}</volatile></ecc_errors>`)))
    const old = "<single_bit><total>7</total></single_bit><double_bit><total>2</total></double_bit>"
    expect(errors(old)).toMatchObject({ gpus: [{ newEccErrors: 2 }] })
    const newer = "<sram_correctable>9</sram_correctable><sram_uncorrectable_parity>1</sram_uncorrectable_parity>"
    expect(errors(`${newer}<dram_uncorrectable>3</dram_uncorrectable>`)).toMatchObject({ gpus: [{ newEccErrors: 4 }] })
  })

  test("reasons to be slow have two names", () => {
    for (const word of ["event", "throttle"]) {
      const reason = `<clocks_${word}_reason_hw_thermal_slowdown>Active</clocks_${word}_reason_hw_thermal_slowdown>`
      const fields = `<clocks_${word}_reasons>${reason}</clocks_${word}_reasons>`
      expect(readNvidiaXml(document(gpu(fields)))).toMatchObject({ gpus: [{ slowdowns: ["it is too hot"] }] })
    }
  })
})

describe("any text", () => {
  test("is refused or read, and never throws", () => {
    const pieces = fc.constantFrom(
      "<?xml",
      "<nvidia_smi_log>",
      "</nvidia_smi_log>",
      "<gpu>",
      "</gpu>",
      "{",
      "}",
      '"card0":',
      "count, name, a, b\n",
      "1, "
    )
    const texts = fc.array(fc.oneof(pieces, fc.string())).map((all) => all.join(""))
    fc.assert(
      fc.property(texts, (text) => {
        for (const read of readers) expect(["read", "none", "failed", "unknown"]).toContain(read(text).state)
      })
    )
  })

  test("a table is read back as it was written, and no row of it can be lost", () => {
    const rows = fc.array(
      fc.record({ mib: fc.integer({ min: 1, max: 300_000 }), watts: fc.integer({ min: 50, max: 1400 }) }),
      {
        minLength: 1,
        maxLength: 8
      }
    )
    fc.assert(
      fc.property(rows, fc.nat(), (gpus, at) => {
        const header = "count, name, memory.total [MiB], power.limit [W], power.default_limit [W]\n"
        const lines = gpus.map(({ mib, watts }) => `${gpus.length}, NVIDIA L4, ${mib} MiB, ${watts}.00 W, 72.00 W\n`)
        const table = header + lines.join("")
        const reading = readNvidiaCsv(table)
        const read = reading.state === "read" ? reading.gpus.map((one) => [one.memoryMiB, one.powerLimit]) : []
        expect(read).toEqual(gpus.map(({ mib, watts }) => [mib, watts]))
        expect(readNvidiaCsv(table.slice(0, at % table.length)).state).toBe("unknown")
        const missing = lines.filter((_, index) => index !== at % lines.length)
        expect(readNvidiaCsv(header + missing.join("")).state).toBe("unknown")
      })
    )
  })
})
