%% OTP as a controller that drives our gateway through everything that H.248.1 has: ENCODING CARRIER
%% VERSION PORT. Each step is a request, judged by its reply; `@NAME` stands for what an earlier reply
%% has named. The gateway has the lines line/1 to line/3, and whoever is at line/3 answers and dials 42.
-module(otp_scenario).
-export([main/1, answer/1]).
-import(otp_link, [expect/2, find/2, say/2]).

main([Encoding, Carrier, Version, Wanted]) ->
    Port = otp_mgc:port(Carrier, list_to_integer(Wanted)),
    Link = otp_link:start(?MODULE, otp_mgc:mid(Port), [Encoding, Carrier, Version]),
    otp_link:listen(Link, Port),
    say("listening 127.0.0.1:~w", [Port]),
    {Connection, _} = expect(request, fun({_, Actions}) ->
        find('ServiceChangeParm', Actions) =/= []
    end),
    %% A reply of ours is on its way still.
    timer:sleep(600),
    Steps = [Step || Step <- steps(), Encoding =:= "text" orelse element(1, Step) =/= text],
    {Count, _} = lists:foldl(
        fun(Step, State) -> step(Connection, Step, State) end, {0, #{}}, Steps),
    say("done ~w steps", [Count]),
    timer:sleep(infinity).

%% Registrations are accepted, and so is each Notify, by its own names.
answer(Actions) ->
    case find('ServiceChangeParm', Actions) of
        [] ->
            [Action | _] = Actions,
            [Notify] = find('NotifyRequest', Action),
            Context = case element(2, Action) of 0 -> "-"; Id -> integer_to_list(Id) end,
            {now, discard_ack, lists:flatten(
                io_lib:format("Context=~s{Notify=~s}", [Context, term(element(2, Notify))]))};
        _ -> {now, discard_ack, "Context=-{ServiceChange=ROOT{Services{Version=3}}}"}
    end.

%% One step: what is asked, what the reply must say, and what is named by it.
step(Connection, {text, Title, Text, Judged, Named}, State) ->
    step(Connection, {Title, Text, Judged, Named}, State);
step(_, {notified, Title, Event}, {Count, Names}) ->
    {_, Actions} = expect(request, fun({_, Actions}) -> holds(Event, Actions) end),
    told(Count + 1, Title, [element(2, Observed) || Observed <- find('ObservedEvent', Actions)]),
    {Count + 1, Names};
step(Connection, {Title, Text, Judged}, State) ->
    step(Connection, {Title, Text, Judged, []}, State);
step(Connection, {Title, Text, Judged, Named}, {Count, Names}) ->
    Asked = filled(Text, Names),
    Reply = otp_link:ask(Connection, Asked),
    case [Wrong || Wrong <- Judged, not judge(filled(Wrong, Names), Reply)] of
        [] -> told(Count + 1, Title, Judged);
        Wrong ->
            say("failed: step ~w ~s: not ~0p~n~s~n~0p", [Count + 1, Title, Wrong, Asked, Reply]),
            halt(1)
    end,
    {Count + 1, lists:foldl(fun(Name, All) -> named(Name, Reply, All) end, Names, Named)}.

told(Number, Title, What) -> say("~2..0w ~s: ~0p", [Number, Title, What]).

filled(Text, Names) when is_list(Text) ->
    maps:fold(fun(Name, Value, All) ->
        lists:flatten(string:replace(All, "@" ++ Name, Value, all))
    end, Text, Names);
filled({value, Text}, Names) -> {value, filled(Text, Names)};
filled(Other, _) -> Other.

named({context, Name}, Reply, All) ->
    [Action | _] = find('ActionReply', Reply),
    All#{Name => integer_to_list(element(2, Action))};
named({termination, Name}, Reply, All) ->
    [Amms | _] = find('AmmsReply', Reply),
    All#{Name => term(element(2, Amms))}.

term([One]) -> term(One);
term({megaco_term_id, _, Levels}) -> lists:flatten(lists:join("/", Levels)).

%% What a reply must say.
judge(ok, Reply) -> codes(Reply) =:= [];
judge({codes, Codes}, Reply) -> codes(Reply) =:= Codes;
judge({one_of, Codes}, Reply) ->
    case codes(Reply) of [Code] -> lists:member(Code, Codes); _ -> false end;
judge({actions, Count}, Reply) -> length(find('ActionReply', Reply)) =:= Count;
judge({terminations, Count}, Reply) -> length(find(megaco_term_id, Reply)) =:= Count;
judge({at_least, Count, Record}, Reply) -> length(find(Record, Reply)) >= Count;
judge({value, Value}, Reply) -> holds(Value, Reply);
judge({lacks, Record}, Reply) -> find(Record, Reply) =:= [];
judge({context, Name}, Reply) -> find('ActionReply', Reply) =/= [] andalso is_list(Name).

codes(Reply) -> [element(2, Error) || Error <- find('ErrorDescriptor', Reply)].

%% Whether a term holds a word or an atom, in small letters or not.
holds(Value, Value) -> true;
holds(Value, Term) when is_tuple(Term) -> holds_any(Value, tuple_to_list(Term));
holds(Value, Term) when is_list(Term), is_list(Value) ->
    case io_lib:printable_list(Term) of
        true -> string:equal(Value, Term, true);
        false -> holds_any(Value, Term)
    end;
holds(Value, Term) when is_list(Term) -> holds_any(Value, Term);
holds(_, _) -> false.

holds_any(Value, [Head | Tail]) -> holds(Value, Head) orelse holds_any(Value, Tail);
holds_any(Value, Last) -> Last =/= [] andalso holds(Value, Last).

media(Mode, Port) ->
    "Media{Stream=1{LocalControl{Mode=" ++ Mode ++ "},Local{v=0\nc=IN IP4 $\nm=audio $ RTP/AVP 8\n},"
    "Remote{v=0\nc=IN IP4 127.0.0.1\nm=audio " ++ Port ++ " RTP/AVP 8\n}}}".

steps() ->
    root() ++ adding() ++ changing() ++ watching() ++ contexts() ++ moving() ++ physical() ++
        subtracting().

root() -> [
    {"AuditValue of ROOT: packages", "Context=-{AuditValue=ROOT{Audit{Packages}}}",
        [ok, {at_least, 4, 'PackagesItem'}]},
    {"AuditValue of ROOT: properties", "Context=-{AuditValue=ROOT{Audit{Media}}}",
        [ok, {at_least, 8, 'PropertyParm'}]},
    {"Modify of ROOT: a property",
        "Context=-{Modify=ROOT{Media{TerminationState{root/normalMGExecutionTime=600}}}}", [ok]},
    {text, "Modify of ROOT: one that is read only",
        "Context=-{Modify=ROOT{Media{TerminationState{root/maxTerminationsPerContext=5}}}}",
        [{codes, [534]}], []},
    {"AuditCapability of ROOT", "Context=-{AuditCapability=ROOT{Audit{Media}}}", [ok]},
    {"AuditValue of ALL in the null Context", "Context=-{AuditValue=*{Audit{}}}",
        [ok, {terminations, 3}]},
    {"the same of a partial name", "Context=-{AuditValue=line/*{Audit{}}}", [ok, {terminations, 3}]},
    {"AuditValue with a wildcarded response", "Context=-{W-AuditValue=line/*{Audit{Packages}}}",
        [ok, {at_least, 1, 'PackagesItem'}]},
    {"AuditValue of an unknown Termination", "Context=-{AuditValue=line/9{Audit{}}}",
        [{codes, [430]}]},
    {"AuditValue of a wildcard that matches nothing", "Context=-{AuditValue=tdm/*{Audit{}}}",
        [{codes, [431]}]},
    {"AuditValue of CHOOSE", "Context=-{AuditValue=${Audit{}}}", [{codes, [410]}]},
    {"an unknown Context", "Context=4294960000{AuditValue=*{Audit{}}}", [{codes, [411]}]},
    {"Add of ROOT", "Context=${Add=ROOT}", [{codes, [410]}]},
    {"a Notify is no command to a gateway", "Context=-{Notify=ROOT{ObservedEvents=1{g/cause}}}",
        [{codes, [443]}]}
].

adding() -> [
    {"Add of CHOOSE in CHOOSE", "Context=${Add=${" ++ media("SendReceive", "9") ++ "}}", [ok],
        [{context, "C1"}, {termination, "E1"}]},
    {"Add of CHOOSE in that Context", "Context=@C1{Add=${" ++ media("Inactive", "11") ++ "}}", [ok],
        [{termination, "E2"}]},
    {"Add of a partial CHOOSE", "Context=@C1{Add=rtp/${" ++ media("SendReceive", "13") ++ "}}", [ok],
        [{termination, "E3"}]},
    {"AuditValue of ALL in it", "Context=@C1{AuditValue=*{Audit{}}}", [ok, {terminations, 3}]},
    {"AuditValue of everything of one",
        "Context=@C1{AuditValue=@E1{Audit{Media,Statistics}}}",
        [ok, {at_least, 1, 'MediaDescriptor'}, {at_least, 3, 'StatisticsParameter'}]},
    %% An Events descriptor without events OTP does not read in binary.
    {text, "AuditValue of Events that there are none of",
        "Context=@C1{AuditValue=@E1{Audit{Events}}}", [ok], []},
    {"AuditValue of Signals that there are none of", "Context=@C1{AuditValue=@E1{Audit{Signals}}}",
        [ok]},
    {"AuditValue of Packages", "Context=@C1{AuditValue=@E1{Audit{Packages}}}",
        [ok, {at_least, 3, 'PackagesItem'}]},
    {"AuditValue of ALL in ALL", "Context=*{AuditValue=*{Audit{}}}", [ok, {actions, 1}]},
    {"the list of Contexts", "Context=*{AuditValue=ROOT{Audit{}}}", [ok, {actions, 1}]},
    {"a Termination of another Context", "Context=-{AuditValue=@E1{Audit{}}}", [{codes, [435]}]},
    {"an Add that no codec serves",
        "Context=@C1{Add=${Media{Stream=1{LocalControl{Mode=SendReceive},"
        "Local{v=0\nc=IN IP4 $\nm=audio $ RTP/AVP 18\n}}}}}", [{one_of, [510, 515]}]}
].

changing() -> [
    {"Modify of a Mode",
        "Context=@C1{Modify=@E1{Media{Stream=1{LocalControl{Mode=ReceiveOnly}}}}}", [ok]},
    {"which is audited", "Context=@C1{AuditValue=@E1{Audit{Media}}}", [ok, {value, recvOnly}]},
    {"Modify of ALL", "Context=@C1{Modify=*{Media{Stream=1{LocalControl{Mode=Inactive}}}}}",
        [ok, {terminations, 3}]},
    {"Modify of ALL with a wildcarded response",
        "Context=@C1{W-Modify=*{Media{Stream=1{LocalControl{Mode=SendReceive}}}}}",
        [ok, {terminations, 1}]},
    {"Modify of a package property",
        "Context=@C1{Modify=@E1{Media{Stream=1{LocalControl{Mode=SendReceive,nt/jit=$}}}}}",
        [ok, {value, "nt/jit"}]},
    {"Modify of CHOOSE", "Context=@C1{Modify=${Events}}", [{codes, [410]}]},
    {"Modify of an unknown Termination", "Context=@C1{Modify=rtp/999{Events}}", [{codes, [430]}]},
    {text, "an unknown package", "Context=@C1{Modify=@E1{Events=1{nosuch/x}}}", [{codes, [440]}], []},
    {text, "an unknown event", "Context=@C1{Modify=@E1{Events=1{g/nosuch}}}", [{codes, [451]}], []},
    {"an optional command that fails, and the next",
        "Context=@C1{O-Modify=rtp/999{Events},AuditValue=@E1{Audit{}}}",
        [{codes, [430]}, {terminations, 2}]},
    {"one that is not optional", "Context=@C1{Modify=rtp/999{Events},AuditValue=@E1{Audit{}}}",
        [{codes, [430]}, {terminations, 1}]},
    {"two actions",
        "Context=@C1{Modify=@E1{Events}},Context=-{AuditValue=ROOT{Audit{}}}", [ok, {actions, 2}]}
].

watching() -> [
    {"Events", "Context=@C1{Modify=@E1{Events=7{g/cause,g/sc}}}", [ok]},
    {"which are audited", "Context=@C1{AuditValue=@E1{Audit{Events}}}",
        [ok, {value, "g/cause"}, {value, 7}]},
    {"Signals", "Context=@C1{Modify=@E1{Signals{cg/dt{SignalType=OnOff}}}}", [ok]},
    {"which are audited", "Context=@C1{AuditValue=@E1{Audit{Signals}}}", [ok, {value, "cg/dt"}]},
    {"and stopped", "Context=@C1{Modify=@E1{Signals{cg/bt{SignalType=TimeOut,Duration=10,"
        "NotifyCompletion={TimeOut}}}}}", [ok]},
    {notified, "the end of a signal", "g/sc"},
    {"a digit map in place", "Context=@C1{Modify=@E1{Events=8{dd/ce{DigitMap={T:2,(1xx)}}}}}", [ok]},
    {notified, "its start timer", "dd/ce"},
    {"dd/ce without a digit map", "Context=@C1{Modify=@E1{Events=9{dd/ce}}}", [{codes, [457]}]},
    {text, "a digit map by its name",
        "Context=@C1{Modify=@E1{DigitMap=dm1{(1xx)},Events=9{dd/ce{DigitMap=dm1}}}}", [ok], []},
    {text, "an unknown digit map", "Context=@C1{Modify=@E1{Events=9{dd/ce{DigitMap=dm9}}}}",
        [{codes, [520]}], []},
    {"an EventBuffer",
        "Context=@C1{Modify=@E1{Media{TerminationState{Buffer=LockStep}},EventBuffer{g/cause}}}", [ok]},
    {"which is audited", "Context=@C1{AuditValue=@E1{Audit{EventBuffer}}}", [ok, {value, "g/cause"}]},
    {"an empty Events descriptor", "Context=@C1{Modify=@E1{Events}}", [ok]},
    {"the silence of the controller is watched", "Context=-{Modify=ROOT{Events=3{it/ito{mit=50}}}}",
        [ok]},
    {notified, "a silence of half a second", "it/ito"},
    {"and is not any more", "Context=-{Modify=ROOT{Events}}", [ok]}
].

contexts() -> [
    {"Topology", "Context=@C1{Topology{@E1,@E2,Isolate}}", [ok]},
    {"which is audited", "Context=@C1{ContextAudit{Topology}}",
        [ok, {at_least, 1, 'TopologyRequest'}]},
    {"Topology of an unknown Termination", "Context=@C1{Topology{@E1,rtp/999,Isolate}}",
        [{codes, [430]}]},
    {"a priority, and its audit", "Context=@C1{Priority=7,ContextAudit{Priority}}", [ok, {value, 7}]},
    {"the audit of the null Context", "Context=-{ContextAudit{Priority}}", [{codes, [421]}]}
].

moving() -> [
    {"Move to CHOOSE", "Context=${Move=@E3}", [ok], [{context, "C2"}]},
    {"two Contexts", "Context=*{AuditValue=ROOT{Audit{}}}", [ok, {actions, 2}]},
    {"Move with an audit of Statistics", "Context=@C1{Move=@E3{Audit{Statistics}}}",
        [ok, {at_least, 3, 'StatisticsParameter'}]},
    {"the Context that it has left", "Context=@C2{AuditValue=*{Audit{}}}", [{codes, [411]}]},
    {"Move of a line of the null Context", "Context=@C1{Move=line/1}", [{codes, [421]}]},
    {"Move of ROOT", "Context=@C1{Move=ROOT}", [{codes, [410]}]},
    {"AuditCapability", "Context=@C1{AuditCapability=@E1{Audit{Statistics}}}", [ok, {value, "nt/dur"}]},
    {"AuditCapability of Packages", "Context=@C1{AuditCapability=@E1{Audit{Packages}}}",
        [{codes, [447]}]},
    {"the audit of one statistic", "Context=@C1{AuditValue=@E1{Audit{Statistics{nt/dur}}}}",
        [ok, {value, "nt/dur"}]}
].

physical() -> [
    {"Add of a line", "Context=@C1{Add=line/1{Media{Stream=1{LocalControl{Mode=SendReceive}}}}}", [ok]},
    {"Add of it once more", "Context=${Add=line/1}", [{codes, [433]}]},
    {"ServiceChange: out of service",
        "Context=-{ServiceChange=line/2{Services{Method=Forced,Reason=\"905 Taken out\"}}}", [ok]},
    {"Add of what is out of service", "Context=@C1{Add=line/2}", [{codes, [502]}]},
    {"ServiceChange: restored",
        "Context=-{ServiceChange=line/2{Services{Method=Restart,Reason=\"900 Restored\"}}}", [ok]},
    {"ServiceChange of an unknown line",
        "Context=-{ServiceChange=line/9{Services{Method=Forced,Reason=\"905 Taken out\"}}}",
        [{codes, [430]}]},
    {"a line rings in the null Context",
        "Context=-{Modify=line/3{Events=20{al/of},Signals{al/ri}}}", [ok]},
    {notified, "somebody answers", "al/of"},
    {"what is dialled is collected",
        "Context=-{Modify=line/3{Events=21{dd/ce{DigitMap={(xx)}}}}}", [ok]},
    {notified, "the digits", "dd/ce"}
].

subtracting() -> [
    {"Subtract of a line", "Context=@C1{Subtract=line/1}", [ok, {at_least, 1, 'StatisticsParameter'}]},
    {"which is idle again", "Context=-{AuditValue=line/1{Audit{}}}", [ok]},
    {"Subtract in the null Context", "Context=-{Subtract=line/1}", [{codes, [421]}]},
    {"Subtract of ROOT", "Context=@C1{Subtract=ROOT}", [{codes, [410]}]},
    {"Subtract without Statistics", "Context=@C1{Subtract=@E1{Audit{}}}",
        [ok, {lacks, 'StatisticsParameter'}]},
    {"Subtract with Statistics", "Context=@C1{Subtract=@E2}",
        [ok, {at_least, 3, 'StatisticsParameter'}]},
    {"Subtract of ALL with a wildcarded response", "Context=@C1{W-Subtract=*{Audit{}}}",
        [ok, {terminations, 1}]},
    {"its Context is gone", "Context=@C1{AuditValue=*{Audit{}}}", [{codes, [411]}]},
    {"two Contexts more", "Context=${Add=${" ++ media("Inactive", "9") ++ "}},"
        "Context=${Add=${" ++ media("Inactive", "11") ++ "}}", [ok, {actions, 2}]},
    {"Subtract of ALL in ALL", "Context=*{Subtract=*{Audit{}}}", [ok, {actions, 2}]},
    {"nothing is left", "Context=*{AuditValue=*{Audit{}}}", [{one_of, [411, 431]}]}
].
