import { arnOf, type Place, prefixOf } from "./place";
import { type PolicyDocument, policy } from "./policy";

/** Every state machine of a platform and its models. */
export const machinesOf = (place: Place): string => arnOf(place, "states", `stateMachine:${prefixOf(place)}-*`);

/** Who starts state machines on schedules and events. */
export const starterTrust = ({ accountId }: Place): PolicyDocument =>
  policy({
    Effect: "Allow",
    Principal: { Service: ["scheduler.amazonaws.com", "events.amazonaws.com"] },
    Action: "sts:AssumeRole",
    Condition: { StringEquals: { "aws:SourceAccount": accountId } },
  });

/** Start the platform's state machines, and nothing else. */
export const starterPolicy = (place: Place): PolicyDocument =>
  policy({ Sid: "Start", Effect: "Allow", Action: "states:StartExecution", Resource: machinesOf(place) });

/** What a budget takes away from the role when it is used up. */
export const stopPolicy = (place: Place): PolicyDocument =>
  policy({ Sid: "BudgetIsUsedUp", Effect: "Deny", Action: "states:StartExecution", Resource: machinesOf(place) });
