-- wrk: ask for the paths given after `--` in turn; print what was seen as JSON on the last line.
local requests, turn = {}, 0

function init(paths)
  for _, path in ipairs(paths) do
    requests[#requests + 1] = wrk.format("GET", path)
  end
end

function request()
  turn = turn % #requests + 1
  return requests[turn]
end

function done(summary)
  local seen = summary.errors
  io.write(string.format(
    '{"requests": %d, "failed": %d, "bytes": %.0f, "seconds": %.6f}\n',
    summary.requests, seen.connect + seen.read + seen.write + seen.status + seen.timeout,
    summary.bytes, summary.duration / 1e6))
end
