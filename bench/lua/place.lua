-- Places purchases: a buyer after the other, a key of its own for each request, one SKU or a random one.
-- Arguments: slug, number of buyers, first SKU, last SKU, name of the run, JSON of the body after the lines.
local threads = 0

function setup(thread)
  thread:set("place", threads)
  threads = threads + 1
end

function init(args)
  local slug, buyers, first, last, run, rest = args[1], tonumber(args[2]), tonumber(args[3]), tonumber(args[4]), args[5], args[6]
  math.randomseed(os.time() * 100 + place)
  local count, buyer = 0, math.random(1, buyers)
  local head = "POST /api/v1/stores/" .. slug .. "/purchases HTTP/1.1\r\nHost: " .. wrk.host .. ":" .. wrk.port
    .. "\r\nContent-Type: application/json\r\nAuthorization: Bearer td_bench_"
  local bodies = {}
  for sku = first, last do
    local body = string.format('{"lines":[{"sku_id":"00000005-0000-7000-8000-%012x","quantity":1}]%s', sku, rest)
    bodies[#bodies + 1] = "\r\nContent-Length: " .. #body .. "\r\n\r\n" .. body
  end
  local key = "\r\nIdempotency-Key: " .. run .. "-" .. place .. "-"
  function request()
    count = count + 1
    buyer = buyer % buyers + 1
    return head .. buyer .. key .. count .. bodies[math.random(1, #bodies)]
  end
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '\nBENCH {"count":%d,"seconds":%.6f,"refused":%d,"broken":%d,"p50":%.3f,"p95":%.3f,"p99":%.3f}\n',
    summary.requests, summary.duration / 1e6, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, latency:percentile(99) / 1e3))
end
