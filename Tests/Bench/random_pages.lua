-- Asks for a random page of 20 out of 5,000 items.
local threads = 0

function setup(thread)
    threads = threads + 1
    thread:set("seed", threads)
end

function init()
    math.randomseed(seed * 104729)
end

function request()
    return wrk.format("GET", "/api/queue?limit=20&page=" .. math.random(1, 250))
end
