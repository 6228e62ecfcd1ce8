import { describe, expect, test } from "vitest"
import { eventReader } from "./event-stream.ts"

const message = (data: unknown, id: string | null = null) => ({ id, event: "message", data })

describe("a stream of server-sent events", () => {
  test.each<[string, string, ReadonlyArray<unknown>]>([
    ["one", "data: hello\n\n", [message("hello")]],
    ["JSON", 'id: 7/1\ndata: {"line":"x"}\n\n', [message({ line: "x" }, "7/1")]],
    ["several lines of data", "data: a\ndata:b\ndata\n\n", [message("a\nb\n")]],
    ["a type, of one event alone", "event: end\ndata: 1\n\ndata: 2\n\n", [{ ...message(1), event: "end" }, message(2)]],
    ["an id that goes on", "id: 7\ndata: a\n\ndata: b\n\n", [message("a", "7"), message("b", "7")]],
    ["comments and keep-alives", ": hello\n\n\n:\n\ndata: a\n\n", [message("a")]],
    ["other line ends", "data: a\r\n\r\ndata: b\r\rdata: c\n\n", [message("a"), message("b"), message("c")]],
    ["a byte order mark", "\uFEFFdata: a\n\n", [message("a")]],
    ["an unknown field, and one without a colon", "retry: 5\nfoo: x\nid\ndata: a\n\n", [message("a", "")]],
    ["an event that is cut off", "data: a\n\ndata: b\n", [message("a")]],
    ["nothing", "", []]
  ])("%s, whole and character by character", (_, text, events) => {
    expect(eventReader()(text)).toEqual(events)
    const read = eventReader()
    expect([...text].flatMap((piece) => read(piece))).toEqual(events)
  })
})
