extension Writer {
    /// Commits a group of changes, in one transaction unless SQLite gives it up on the way.
    func commit(_ group: [any WriteJob]) {
        var rest = group[...]
        while !rest.isEmpty { rest = rest.dropFirst(commitTogether(rest)) }
    }

    /// Runs changes in one transaction, each in its own savepoint, and answers them after the commit.
    ///
    /// - Returns: how many were answered, at least one. If SQLite ended the transaction by itself (full disk, failed
    ///   read), those up to that point are told so, and the ones after it deserve a transaction of their own.
    private func commitTogether(_ group: ArraySlice<any WriteJob>) -> Int {
        var ran = 0
        do {
            try connection.execute("BEGIN IMMEDIATE")
            for job in group {
                ran += 1
                try runInSavepoint(job)
            }
            try connection.execute("COMMIT")
            for job in group { job.finish(failure: nil) }
            return group.count
        } catch {
            rollBack()
            // Without a BEGIN none can run: another process has the lock, and each would wait for it in vain.
            let answered = ran == 0 ? group.count : ran
            for job in group.prefix(answered) { job.finish(failure: error) }
            return answered
        }
    }

    /// Runs a change so that its failure takes back itself alone; throws only if the whole transaction is lost.
    private func runInSavepoint(_ job: any WriteJob) throws {
        try connection.execute("SAVEPOINT change")
        do {
            try job.run(on: connection)
        } catch {
            guard connection.isInTransaction else { throw error }
            try connection.execute("ROLLBACK TO change")
        }
        guard connection.isInTransaction else {
            throw SQLiteError(.misuse, "a change ended the transaction that it shares with others")
        }
        try connection.execute("RELEASE change")
    }

    /// Takes the transaction back, if SQLite has not done so.
    func rollBack() {
        // A failing ROLLBACK leaves nothing to do: the next BEGIN will report what is wrong.
        if connection.isInTransaction { try? connection.execute("ROLLBACK") }
    }
}
