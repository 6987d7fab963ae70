import HTTPServer

/// The page at `/`: the live queue for anybody who may read it, and what a key opens beside it.
enum StatusPage {
    static func register(in routes: inout RouteTable) {
        let page = PreparedResponse(
            headers: [
                "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-cache",
                "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
                    + "connect-src 'self'; media-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'",
                "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
            ],
            bytes: Array((head + body + "<script>\n" + script + "</script></body></html>\n").utf8)
        )
        routes.open(.get, "/", RouteDocument("System", "The status page").answers(200, as: "text/html")) { _ in
            .prepared(page)
        }
    }

    private static let head = """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
        <title>Kinodock</title>
        <style>
        :root { color-scheme: light dark; font: 15px/1.45 system-ui, sans-serif }
        body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
        header { display: flex; justify-content: space-between; align-items: baseline; gap: 0 1rem; flex-wrap: wrap; margin-bottom: 1rem }
        h1 { font-size: 1.5rem; margin: 0 } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem }
        form { display: flex; gap: .5rem; flex-wrap: wrap }
        input { flex: 1 1 16rem; min-width: 0; padding: .4rem; font: inherit }
        button { padding: .4rem .8rem; font: inherit }
        table { width: 100%; border-collapse: collapse }
        td { padding: .35rem .75rem .35rem 0; vertical-align: top }
        td:first-child { width: 100%; overflow-wrap: anywhere }
        td:last-child { padding-right: 0; text-align: right; white-space: nowrap }
        tr + tr td { border-top: 1px solid #8884 }
        progress { width: 6rem; vertical-align: middle }
        video { width: 100%; margin-top: 1rem; background: #000 }
        small { opacity: .75 } .bad { color: #c33; opacity: 1 } [hidden] { display: none !important }
        </style></head>

        """

    private static let body = """
        <body>
        <header><h1>Kinodock</h1><div id="account" hidden><small id="role"></small> <button id="leave">Sign out</button></div></header>
        <form id="login" hidden>
        <input hidden autocomplete="username" value="Kinodock">
        <input id="key" type="password" required autocomplete="current-password" placeholder="Key" aria-label="Key">
        <button>Sign in</button>
        <small>The first start prints an admin key; <code>kinodock key create</code> makes more.</small>
        </form>
        <form id="add" hidden>
        <input id="link" required placeholder="A magnet link or a web address" aria-label="A magnet link or a web address">
        <button>Download</button>
        </form>
        <p id="problem" class="bad" role="alert"></p>
        <p id="notice" role="status"></p>
        <section id="troubles" hidden><h2>Problems</h2><table id="problems"><tbody></tbody></table></section>
        <h2>Queue</h2><table id="queue"><tbody></tbody></table>
        <section id="films" hidden><h2>Library</h2><table id="library"><tbody></tbody></table>
        <video id="player" controls hidden></video></section>
        <section id="backends" hidden><h2>Download clients</h2><table id="clients"><tbody></tbody></table>
        <h2>Plugins</h2><table id="plugins"><tbody></tbody></table></section>

        """

    /// Every text goes in as a text node, never as HTML: names come from strangers.
    private static let script = """
        const $ = id => document.getElementById(id);
        const make = (tag, values, ...parts) => { const e = Object.assign(document.createElement(tag), values); e.append(...parts); return e };
        const small = (text, isBad) => make('small', { className: isBad ? 'bad' : '' }, text);
        const lines = parts => parts.flatMap((part, index) => index ? [make('br'), part] : [part]);
        const row = (...cells) => make('tr', {}, ...cells.map(parts => make('td', {}, ...parts)));
        const button = (text, act) => make('button', { onclick: () => run(act) }, text);
        const fill = (id, rows, empty) => $(id).tBodies[0].replaceChildren(...(rows.length ? rows : [row([small(empty)])]));
        const size = n => n >= 1e9 ? (n / 1e9).toFixed(1) + ' GB' : n >= 1e6 ? (n / 1e6).toFixed(1) + ' MB' : Math.ceil(n / 1e3) + ' kB';

        const call = async (method, path, body) => {
          let answer;
          try {
            answer = await fetch(path, { method, headers: body ? { 'Content-Type': 'application/json' } : {}, body: body && JSON.stringify(body) });
          } catch { throw new Error('The server does not answer.') }
          const value = await answer.json().catch(() => null);
          if (!answer.ok) throw Object.assign(new Error(value?.error || value?.message || answer.statusText), { status: answer.status });
          return value;
        };
        const run = async act => {
          $('problem').textContent = $('notice').textContent = '';
          try { await act() } catch (e) { $('problem').textContent = e.message }
        };

        let role = 'public', total = 0, frame = 0;
        const items = new Map();
        const shownItems = 100;

        const queueRow = item => {
          const state = item.trackedDownloadState === 'downloading' ? item.status : item.trackedDownloadState;
          const facts = [state, item.size && size(item.size), item.downloadSpeed && size(item.downloadSpeed) + '/s', item.timeleft && item.timeleft + ' left'];
          const messages = new Set((item.statusMessages || []).flatMap(m => m.messages).concat(item.errorMessage || []));
          const actions = [];
          if (role === 'admin') {
            const path = '/api/queue/' + encodeURIComponent(item.id);
            if (state.startsWith('failed')) actions.push(button('Retry', () => call('POST', path + '/retry')), ' ');
            actions.push(button('Remove', () => call('DELETE', path)));
          }
          const bar = make('progress', { max: 100, value: item.progress });
          const progress = make('span', {}, bar, ' ' + item.progress + ' % ', small(facts.filter(Boolean).join(' · ')));
          return row(lines([item.title, progress, ...[...messages].map(m => small(m, item.trackedDownloadStatus !== 'ok'))]), actions);
        };
        const drawQueue = () => {
          frame = 0;
          const rows = [...items.values()].slice(0, shownItems).map(queueRow);
          if (total > rows.length) rows.push(row([small((total - rows.length) + ' more are not shown here; GET /api/queue lists all.')]));
          fill('queue', rows, 'Nothing is being downloaded.');
        };
        const redraw = () => { frame = frame || requestAnimationFrame(drawQueue) };
        const put = item => { if (!items.has(item.id)) total++; items.set(item.id, item); redraw() };
        const drop = item => { if (items.delete(item.id)) { total--; redraw() } };
        const loadQueue = async () => {
          const page = await call('GET', '/api/queue?limit=' + shownItems);
          items.clear(); page.items.forEach(item => items.set(item.id, item)); total = page.totalRecords; redraw();
        };
        const follow = async () => {
          try { await loadQueue() } catch (e) {
            if (e.status !== 401) throw e;
            return fill('queue', [], 'Sign in to see the queue.');
          }
          const source = new EventSource('/api/queue/events');
          const on = (name, act) => source.addEventListener(name, event => act(JSON.parse(event.data)));
          source.onerror = () => {
            const isOver = source.readyState === EventSource.CLOSED;
            $('problem').textContent = 'The server does not answer; what stands here may be old. ' + (isOver ? 'Load the page again.' : 'Trying again …');
          };
          // Also the first time: something may have happened since the queue was read.
          source.onopen = () => run(loadQueue);
          on('queueItemAdded', put); on('queueFailed', put); on('queueItemRemoved', drop);
          on('queueItemUpdated', change => {
            if (change.trackedDownloadState === 'imported') { drop(change); if (role !== 'public') run(loadLibrary) }
            else if (items.has(change.id)) put({ ...items.get(change.id), ...change });
          });
          on('resync', () => run(loadQueue));
        };

        const play = title => {
          const player = $('player');
          player.onerror = () => { $('problem').textContent = 'This browser cannot play ' + title.title + '. The user guide tells how a player does.' };
          player.hidden = false; player.src = '/api/media/' + encodeURIComponent(title.id) + '/stream';
          player.play().catch(() => {});
        };
        const loadLibrary = async () => fill('library', (await call('GET', '/api/media')).map(title => row(
          [title.title + (title.year ? ' (' + title.year + ')' : '')], [small(title.status === 'ready' ? 'ready' : title.status + ' · ' + title.progress + ' %')],
          title.status === 'ready' && title.type === 'movie' ? [button('Play', () => play(title))] : [])), 'The library is empty.');
        const testClient = async client => {
          const result = await call('POST', '/api/download-clients/' + encodeURIComponent(client.id) + '/test');
          const warnings = result.warnings.map(warning => ' ' + warning.message).join('');
          $('notice').textContent = client.name + ': ' + result.message + (result.version ? ' (' + result.version + ').' : '.') + warnings;
        };
        const loadClients = async () => fill('clients', (await call('GET', '/api/download-clients')).map(client => {
          const { health, message } = client.status, isBad = !['healthy', 'disabled'].includes(health);
          return row(lines([client.name, small(client.implementation), ...(message ? [small(message, isBad)] : [])]), [small(health, isBad)],
            [button('Test', async () => { try { await testClient(client) } finally { await loadClients() } })]);
        }), 'No download client is configured. The README shows how to add one.');
        const loadPlugins = async () => fill('plugins', (await call('GET', '/api/plugins')).map(plugin => row(
          lines([plugin.name + ' ' + (plugin.version || ''), ...(plugin.reason ? [small(plugin.reason)] : [])]),
          [small(plugin.state, !['active', 'disabled'].includes(plugin.state))])), 'No plugin was found.');

        const problems = new Map();
        const drawProblems = () => fill('problems', [...problems.values()].sort((a, b) => a.dismissed - b.dismissed).map(problemRow), 'There are none.');
        const putProblem = problem => { problems.set(problem.id, problem); drawProblems() };
        const dropProblem = problem => { problems.delete(problem.id); drawProblems() };
        const loadProblems = async () => {
          const list = await call('GET', '/api/problems');
          problems.clear(); list.forEach(problem => problems.set(problem.id, problem)); drawProblems();
        };
        const problemRow = problem => {
          const { name, request, dismissed } = problem, path = '/api/problems/' + encodeURIComponent(problem.id) + '/dismiss';
          if (dismissed) return row(lines([name, small(problem.summary)]), [small('dismissed')], [button('Show again', async () => putProblem(await call('DELETE', path)))]);
          const actions = [button('Dismiss', async () => putProblem(await call('POST', path)))];
          if (request) actions.unshift(button(request.label, async () => {
            try { await call(request.method, request.path); $('notice').textContent = name + ': done.' } finally { await loadProblems() }
          }), ' ');
          const since = small('since ' + new Date(problem.since).toLocaleString());
          return row(lines([name, small(problem.message, problem.level === 'error'), small(problem.action)]), [since], actions);
        };
        let health = null;
        // While nobody looks there is no stream: a browser has few connections to one server, and tabs share them.
        const followHealth = () => {
          if (document.hidden) { health?.close(); health = null; return }
          if (health) return;
          health = new EventSource('/api/events');
          const on = (name, act) => health.addEventListener(name, event => act(JSON.parse(event.data)));
          const quietly = load => () => load().catch(() => {});
          health.onopen = quietly(async () => { await loadProblems(); await loadClients(); await loadPlugins() });
          on('problemAdded', putProblem); on('problemUpdated', putProblem); on('problemRemoved', dropProblem);
          on('pluginChanged', quietly(loadPlugins)); on('pluginRemoved', quietly(loadPlugins));
          on('instanceHealthChanged', quietly(loadClients)); on('resync', quietly(loadProblems));
        };

        const start = async () => {
          role = (await call('GET', '/api/session')).role;
          $('role').textContent = 'signed in as ' + role;
          $('login').hidden = role !== 'public'; $('account').hidden = $('films').hidden = role === 'public';
          $('add').hidden = $('backends').hidden = $('troubles').hidden = role !== 'admin';
          await follow();
          if (role !== 'public') await loadLibrary();
          if (role === 'admin') { await loadProblems(); await loadClients(); await loadPlugins(); followHealth(); document.onvisibilitychange = followHealth }
        };
        const submit = (id, act) => { $(id).onsubmit = event => { event.preventDefault(); run(act) } };
        submit('login', async () => { await call('POST', '/api/session', { key: $('key').value.trim() }); location.reload() });
        submit('add', async () => {
          const link = $('link').value.trim();
          put(await call('POST', '/api/queue', /^magnet:/i.test(link) ? { magnet: link } : { url: link }));
          $('link').value = '';
        });
        $('leave').onclick = () => run(async () => { await call('DELETE', '/api/session'); location.reload() });
        run(start);

        """
}
