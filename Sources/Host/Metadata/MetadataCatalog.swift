import FoundationEssentials
import PluginAPI

/// All configured catalogues as one: asks them in the order of preference until one knows, and keeps what they answer.
struct MetadataCatalog: Sendable {
    /// What a question has come to.
    struct Answered<Value: Sendable>: Sendable {
        let value: Value
        /// Who has answered.
        let provider: Instance
        /// What went wrong with those that were asked before.
        var problems: [MetadataFailure.Problem] = []
    }

    /// The limits of what is kept.
    struct Limits: Sendable {
        var answers = 5000
        var bytes = 64 << 20
        /// Pictures that were named and never asked for.
        var pictures = 100_000
        /// A larger answer is not kept.
        var answer = 1 << 20
    }

    /// Seconds for which it is taken for true that there is nothing of an id.
    private static let lifetimeOfNothing = 3600.0
    /// Answers that are kept between two looks at the limits.
    private static let answersPerTrim: UInt64 = 64

    let registry: Registry
    let store: Store
    let logger: Logger
    let clock: any WallClock
    let limits: Limits
    private let open = SharedWork<String, Data?>()
    private let kept = Counter()

    init(registry: Registry, store: Store, logger: Logger, clock: any WallClock, limits: Limits = Limits()) {
        self.registry = registry
        self.store = store
        self.logger = logger
        self.clock = clock
        self.limits = limits
    }

    /// Reads the id of a title; one without a source is one of the first provider's.
    func id(_ text: String) async -> MetadataID? {
        MetadataID(text, assuming: await registry.metadataProviders.first?.implementation)
    }

    /// Asks one provider after the other, until one knows.
    ///
    /// An answer that was kept is taken first, whoever gave it. Providers that are known to fail come last. When nobody
    /// can be asked, an answer whose time is over is better than none.
    ///
    /// - Parameter freshly: whether an answer that was kept is asked for anew.
    /// - Throws: `MetadataFailure`.
    func ask<Answer: Codable & Sendable>(
        _ question: MetadataQuestion<Answer>,
        freshly: Bool = false
    ) async throws -> Answered<Answer> {
        let providers = await registry.metadataProviders
        guard !providers.isEmpty else { throw MetadataFailure.noProvider }
        if !freshly, let known = known(question, by: providers, at: clock.now) { return known }
        let now = clock.now
        let ready = providers.filter { $0.health.mayTry(at: now) } + providers.filter { !$0.health.mayTry(at: now) }
        var problems: [MetadataFailure.Problem] = []
        var nothing: Answered<Answer>?
        for provider in ready {
            do {
                let answer = try await answer(to: question, by: provider, freshly: freshly)
                guard question.isEmpty(answer) else {
                    return Answered(value: answer, provider: provider, problems: problems)
                }
                nothing = nothing ?? Answered(value: answer, provider: provider)
            } catch let error as PluginError where error.code == .notFound {
                continue
            } catch {
                if Task.isCancelled { throw error }
                problems.append(.init(provider: provider.name, error: PluginError(wrapping: error)))
            }
        }
        if !problems.isEmpty, let old = known(question, by: providers, at: .distantPast) {
            return Answered(value: old.value, provider: old.provider, problems: problems)
        }
        guard var nothing else {
            throw problems.isEmpty ? MetadataFailure.notFound : MetadataFailure.failed(problems)
        }
        nothing.problems = problems
        return nothing
    }

    /// The answer of the first provider that has given one which holds at `now`; nothing is no such answer.
    private func known<Answer>(
        _ question: MetadataQuestion<Answer>,
        by providers: [Instance],
        at now: Date
    ) -> Answered<Answer>? {
        for provider in providers {
            guard let kept = kept(question.key, by: provider), kept.expires > now, let body = kept.body,
                let answer = try? WireJSON.decode(Answer.self, from: body), !question.isEmpty(answer)
            else { continue }
            return Answered(value: answer, provider: provider)
        }
        return nil
    }

    private func kept(_ question: String, by provider: Instance) -> Store.MetadataAnswer? {
        do {
            return try store.metadataAnswer(to: question, of: provider.id, settings: provider.updated)
        } catch {
            logger.error("Metadata that was kept cannot be read: \(error.words)")
            return nil
        }
    }

    /// The answer of one provider, kept or fresh; asked once for all who want it at the same time.
    private func answer<Answer>(
        to question: MetadataQuestion<Answer>,
        by provider: Instance,
        freshly: Bool
    ) async throws -> Answer {
        if !freshly, let kept = kept(question.key, by: provider), kept.expires > clock.now {
            return try decode(kept.body)
        }
        let body = try await open.value(for: "\(provider.id)|\(question.key)") {
            try await self.fetch(question, from: provider)
        }
        return try decode(body)
    }

    private func decode<Answer: Decodable>(_ body: Data?) throws -> Answer {
        guard let body else { throw PluginError(.notFound, "There is no such title.") }
        return try WireJSON.decode(Answer.self, from: body)
    }

    /// Asks a provider and keeps its answer.
    ///
    /// - Returns: the answer as JSON; `nil` when there is nothing of that id.
    private func fetch<Answer>(_ question: MetadataQuestion<Answer>, from provider: Instance) async throws -> Data? {
        do {
            let plugin = try await registry.metadataProvider(provider.id)
            let answer = try await question.ask(plugin, provider.implementation)
            await registry.recordSuccess(provider.id)
            let body = try WireJSON.encode(answer)
            await keep(body, question.lifetime, question.pictures(answer), question.key, provider)
            return body
        } catch let error as PluginError {
            guard error.code.value != .notFound else {
                await registry.recordSuccess(provider.id)
                await keep(nil, Self.lifetimeOfNothing, [], question.key, provider)
                return nil
            }
            if !error.isAboutOneCall { await registry.recordFailure(provider.id, error) }
            throw error
        }
    }

    private func keep(
        _ body: Data?,
        _ lifetime: Double,
        _ pictures: [String],
        _ question: String,
        _ provider: Instance
    ) async {
        let now = clock.now
        // Without the answer its pictures are still wanted.
        let isSmall = (body?.count ?? 0) <= limits.answer
        let answer = Store.MetadataAnswer(
            body: isSmall ? body : nil,
            expires: isSmall ? now.addingTimeInterval(lifetime) : .distantPast
        )
        do {
            try await store.keep(answer, to: question, of: provider, pictures: pictures, now: now)
            guard kept.next().isMultiple(of: Self.answersPerTrim) else { return }
            try await store.trimMetadata(count: limits.answers, bytes: limits.bytes, pictures: limits.pictures)
        } catch {
            logger.error("Metadata cannot be kept: \(error.words)")
        }
    }
}
