-- Asks for 1 MiB at a random place of a 1 GiB file.
local size, length = 1024 * 1024 * 1024, 1024 * 1024
local threads = 0

function setup(thread)
    threads = threads + 1
    thread:set("seed", threads)
end

function init()
    math.randomseed(seed * 7919)
end

function request()
    local first = math.random(0, size - length)
    wrk.headers["Range"] = "bytes=" .. first .. "-" .. (first + length - 1)
    return wrk.format("GET")
end
