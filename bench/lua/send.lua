-- Sends each request of a file once and stops; what is sent while the last answers come in is marked as filling.
-- Arguments: prefix of the files (one a thread: PREFIX0, PREFIX1 …; requests are divided by the byte 30),
-- status of success.
local ffi = require("ffi")
ffi.cdef [[ typedef struct { long s; long ns; } bench_time; int clock_gettime(int id, bench_time *t); ]]
local threads, all = 0, {}

function setup(thread)
  thread:set("place", threads)
  threads = threads + 1
  all[#all + 1] = thread
end

local function clock()
  local t = ffi.new("bench_time")
  ffi.C.clock_gettime(1, t)
  return tonumber(t.s) + tonumber(t.ns) / 1e9
end

function init(args)
  local success = tonumber(args[2])
  local file = assert(io.open(args[1] .. place, "rb"))
  local text, mine, at = file:read("*a"), {}, 1
  file:close()
  while true do
    local stop = text:find("\30", at, true)
    if not stop then break end
    mine[#mine + 1] = text:sub(at, stop - 1)
    at = stop + 1
  end
  local filling = "GET /no-such-page HTTP/1.1\r\nHost: " .. wrk.host .. ":" .. wrk.port .. "\r\n\r\n"
  local sent, wanted, verified = 0, #mine, place ~= 0
  began, ended, good, bad = 0, 0, 0, 0
  function request()
    if not verified then -- wrk looks at one request of the first thread and does not send it
      verified = true
      return mine[1]
    end
    if sent == 0 then began = clock() end
    sent = sent + 1
    return mine[sent] or filling
  end
  function response(status)
    if status == success then
      good = good + 1
      if good == wanted then
        ended = clock()
        assert(io.open(args[1] .. place .. ".done", "wb")):close()
        wrk.thread:stop()
      end
    elseif status ~= 404 then
      bad = bad + 1
    end
  end
end

function done(summary, latency, requests)
  local began, ended, good, bad = math.huge, 0, 0, 0
  for _, thread in ipairs(all) do
    began = math.min(began, thread:get("began"))
    ended = math.max(ended, thread:get("ended"))
    good = good + thread:get("good")
    bad = bad + thread:get("bad")
  end
  local errors = summary.errors
  io.write(string.format(
    '\nBENCH {"count":%d,"seconds":%.6f,"refused":%d,"broken":%d,"p50":%.3f,"p95":%.3f,"p99":%.3f}\n',
    good, ended - began, bad, errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, latency:percentile(99) / 1e3))
end
