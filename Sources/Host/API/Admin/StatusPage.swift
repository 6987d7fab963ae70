import HTTPServer

/// The page at `/`: plugins, download clients and the live queue, with a form to add a download.
enum StatusPage {
    static func register(in routes: inout RouteTable) {
        let page = PreparedResponse(
            headers: [
                "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-cache",
                "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
                    + "connect-src 'self'; media-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'",
                "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
            ],
            bytes: Array(html.utf8)
        )
        routes.open(.get, "/", RouteDocument("System", "The status page").answers(200, as: "text/html")) { _ in
            .prepared(page)
        }
    }

    private static let html = """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
        <title>Kinodock</title>
        <style>
        :root { color-scheme: light dark; font: 15px/1.45 system-ui, sans-serif }
        body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
        h1 { font-size: 1.5rem; margin: 0 } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem }
        header { display: flex; justify-content: space-between; align-items: baseline }
        table { width: 100%; border-collapse: collapse } td, th { text-align: left; padding: .35rem .5rem .35rem 0; vertical-align: top }
        tr + tr td { border-top: 1px solid #8884 } small, .dim { opacity: .7 }
        [hidden] { display: none !important } progress { width: 8rem; vertical-align: middle } td:nth-child(2) { white-space: nowrap } form { display: flex; gap: .5rem; flex-wrap: wrap }
        input { flex: 1 1 20rem; padding: .4rem; font: inherit } button { padding: .4rem .8rem; font: inherit }
        .bad { color: #c33 } video { width: 100%; margin-top: 1rem; background: #000 }
        </style></head><body>
        <header><h1>Kinodock</h1><span id="who" class="dim"></span></header>
        <form id="login" hidden><input id="key" type="password" placeholder="Admin key (printed at the first start)" autocomplete="current-password" aria-label="Admin key"><button>Sign in</button></form>
        <p id="problem" class="bad" role="alert"></p>
        <section id="adding" hidden><h2>Add a download</h2>
        <form id="add"><input id="link" placeholder="A magnet link or a web address" aria-label="Magnet or address"><button>Add</button></form></section>
        <h2>Queue</h2><table id="queue"><tbody></tbody></table>
        <section id="inside" hidden><h2>Library</h2><table id="library"><tbody></tbody></table>
        <video id="player" controls hidden></video>
        <h2>Download clients</h2><table id="clients"><tbody></tbody></table>
        <h2>Plugins</h2><table id="plugins"><tbody></tbody></table></section>
        <script>
        const $ = id => document.getElementById(id), items = new Map(), terminal = new Set();
        const call = async (method, path, body) => {
          const answer = await fetch(path, { method, headers: body ? { 'Content-Type': 'application/json' } : {}, body: body && JSON.stringify(body) });
          if (!answer.ok) { const e = await answer.json().catch(() => ({})); throw Object.assign(new Error(e.error || e.message || answer.statusText), { status: answer.status }) }
          return answer.status === 204 ? null : answer.json();
        };
        const cell = (...parts) => { const td = document.createElement('td'); td.append(...parts); return td };
        const small = (text, bad) => { const s = document.createElement('small'); s.textContent = text; if (bad) s.className = 'bad'; return s };
        const row = (...cells) => { const tr = document.createElement('tr'); tr.append(...cells); return tr };
        const button = (text, act) => { const b = document.createElement('button'); b.textContent = text; b.onclick = () => run(act); return b };
        const fill = (id, rows, empty) => $(id).tBodies[0].replaceChildren(...(rows.length ? rows : [row(cell(small(empty)))]));
        const run = async act => { try { $('problem').textContent = ''; await act() } catch (e) { $('problem').textContent = e.message } };
        const size = n => n > 1e9 ? (n / 1e9).toFixed(1) + ' GB' : n > 1e6 ? (n / 1e6).toFixed(1) + ' MB' : Math.ceil(n / 1e3) + ' kB';
        let admin = false, frame = 0;
        const drawQueue = () => { frame = 0; fill('queue', [...items.values()].map(item => {
          const bar = document.createElement('progress'); bar.max = 100; bar.value = item.progress;
          const words = (item.statusMessages || []).flatMap(m => m.messages).concat(item.errorMessage || []);
          const about = [item.trackedDownloadState === 'downloading' ? item.status : item.trackedDownloadState, size(item.size || 0)];
          if (item.downloadSpeed) about.push(size(item.downloadSpeed) + '/s'); if (item.timeleft) about.push(item.timeleft + ' left');
          const first = cell(item.title, document.createElement('br'), small(about.join(' · ')));
          new Set(words).forEach(w => first.append(document.createElement('br'), small(w, true)));
          const actions = admin ? [button('Remove', () => call('DELETE', '/api/queue/' + item.id))] : [];
          if (admin && /^failed/.test(item.trackedDownloadState)) actions.unshift(button('Retry', () => call('POST', '/api/queue/' + item.id + '/retry')));
          return row(first, cell(bar, ' ' + item.progress + ' %'), cell(...actions));
        }), 'Nothing is being downloaded.') };
        const redraw = () => { frame = frame || requestAnimationFrame(drawQueue) };
        const loadQueue = async () => { const page = await call('GET', '/api/queue?limit=100'); items.clear(); page.items.forEach(i => items.set(i.id, i)); redraw() };
        const loadLibrary = async () => fill('library', (await call('GET', '/api/media')).map(m => row(
          cell(m.title + (m.year ? ' (' + m.year + ')' : '')), cell(small(m.status + ' · ' + m.progress + ' %')),
          cell(...(m.status === 'ready' && m.type === 'movie' ? [button('Play', async () => { const p = $('player'); p.hidden = false; p.src = '/api/media/' + m.id + '/stream'; p.play() })] : [])))), 'The library is empty.');
        const loadInside = async () => {
          await loadLibrary();
          fill('clients', (await call('GET', '/api/download-clients')).map(c => row(cell(c.name, document.createElement('br'), small(c.implementation)),
            cell(small(c.status.health + (c.status.message ? ': ' + c.status.message : ''), c.status.health !== 'healthy')),
            cell(button('Test', async () => { const t = await call('POST', '/api/download-clients/' + c.id + '/test'); $('problem').textContent = c.name + ': ' + t.message + (t.version ? ' (' + t.version + ')' : '') + t.warnings.map(w => ' ' + w.message).join('') })))), 'No download client is configured. The README shows how to add one.');
          fill('plugins', (await call('GET', '/api/plugins')).map(p => row(cell(p.name + ' ' + (p.version || '')), cell(small(p.state, p.state !== 'active'), document.createElement('br'), small(p.reason || '')))), 'No plugin was found.');
        };
        const start = async () => {
          try { const me = await call('GET', '/api/session'); admin = me.role === 'admin'; $('who').textContent = 'signed in as ' + me.role; $('login').hidden = true; $('adding').hidden = !admin; $('inside').hidden = !admin; if (admin) await loadInside() }
          catch (e) { if (e.status !== 401) throw e; $('login').hidden = false }
          await loadQueue().catch(e => { if (e.status !== 401) throw e });
          const source = new EventSource('/api/queue/events');
          const on = (name, act) => source.addEventListener(name, e => { act(JSON.parse(e.data)); redraw() });
          on('queueItemAdded', i => items.set(i.id, i)); on('queueItemRemoved', i => items.delete(i.id));
          on('queueItemUpdated', change => { const item = items.get(change.id); if (!item) return; Object.assign(item, change);
            if (change.trackedDownloadState === 'imported') { items.delete(change.id); if (admin) run(loadLibrary) } });
          on('queueFailed', i => items.set(i.id, i)); source.addEventListener('resync', () => run(loadQueue));
        };
        $('login').onsubmit = e => { e.preventDefault(); run(async () => { await call('POST', '/api/session', { key: $('key').value }); location.reload() }) };
        $('add').onsubmit = e => { e.preventDefault(); run(async () => { const link = $('link').value.trim(); await call('POST', '/api/queue', /^magnet:/i.test(link) ? { magnet: link } : { url: link }); $('link').value = ''; await loadQueue() }) };
        run(start);
        </script></body></html>
        """
}
